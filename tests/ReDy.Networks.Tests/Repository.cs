namespace ReDy.Networks.Tests;

/// <summary>Files of the repository that tests read.</summary>
internal static class Repository
{
    public static string Path(params string[] parts)
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(System.IO.Path.Combine(root.FullName, "ReDy.sln")))
            root = root.Parent;
        return System.IO.Path.Combine([root!.FullName, .. parts]);
    }

    public static string Small => Path("models", "fashion-small", "fashion-small.onnx");

    public static string Residual => Path("models", "fashion-residual", "fashion-residual.onnx");

    public static string Classifier => Path("tests", "ReDy.Networks.Tests", "networks", "ch_ppocr_mobile_v2.0_cls_infer.onnx");
}
