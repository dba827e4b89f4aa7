namespace ReDy.Networks.Quantisation;

/// <summary>How the range that codes span is found from the values a tensor takes on calibration images.</summary>
public enum RangeMethod
{
    /// <summary>From the least to the greatest value: nothing is clipped.</summary>
    MinMax,

    /// <summary>The outermost ten-thousandth of the values is clipped on either side.</summary>
    Percentile,

    /// <summary>The range with the least mean square error of the codes' values.</summary>
    Mse,
}
