#!/bin/sh
# Runs make targets, 'demo' and 'test' unless others are named, as an ordinary user in a clone of this checkout's HEAD on a Debian 12
# that has make, git, sudo and this machine's .NET SDK and nothing else: whatever the install step forgets is missing there.
# Usage (as root, with debootstrap installed): tools/fresh-debian.sh FOLDER [TARGET...]
# FOLDER takes the Debian system, about 3 GB with a copy of the SDK and what is built. What is mounted in it is seen by this script
# alone, so that nothing outside can be lost when FOLDER is removed.
set -eu

[ $# -ge 1 ] || { echo "usage: tools/fresh-debian.sh FOLDER [TARGET...]" >&2; exit 2; }
[ "$(id -u)" -eq 0 ] || { echo "error: making a Debian system in a folder needs root" >&2; exit 2; }
command -v debootstrap > /dev/null || { echo "error: debootstrap is missing: apt-get install debootstrap" >&2; exit 2; }
root=$(realpath -m "$1")
shift
cd "$(dirname "$(realpath "$0")")/.."
[ $# -gt 0 ] || set -- demo test
[ -e "$root" ] && { echo "error: $root exists; name a folder that does not" >&2; exit 2; }

[ "${REDY_UNSHARED:-}" = yes ] || exec env REDY_UNSHARED=yes unshare --mount tools/fresh-debian.sh "$root" "$@"

debootstrap --variant=minbase --include=make,git,sudo,ca-certificates,libicu72 bookworm "$root"

# The network, its certificates and the package sources as they are on this machine.
cp /etc/resolv.conf /etc/hosts "$root/etc/"
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
cp /etc/apt/apt.conf.d/* "$root/etc/apt/apt.conf.d/"

cp -r "$(dirname "$(readlink -f "$(command -v dotnet)")")" "$root/sdk"
mount -t proc proc "$root/proc"
ln -s /sdk/dotnet "$root/usr/bin/dotnet"
ln -sfn /proc/self/fd "$root/dev/fd"

chroot "$root" useradd --create-home --shell /bin/bash user
echo 'user ALL=(ALL) NOPASSWD: ALL' > "$root/etc/sudoers.d/user"
git clone --quiet . "$root/home/user/ReDy"
if [ -e "$HOME/.nuget/NuGet/NuGet.Config" ]; then
  mkdir -p "$root/home/user/.nuget/NuGet"
  cp "$HOME/.nuget/NuGet/NuGet.Config" "$root/home/user/.nuget/NuGet/"
fi
chroot "$root" chown -R user:user /home/user

for target in "$@"; do
  chroot "$root" su - user -c "export DOTNET_GENERATE_ASPNET_CERTIFICATE=false DOTNET_NOLOGO=1 SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt NUGET_CERT_REVOCATION_MODE=offline; cd ReDy && make $target"
done
