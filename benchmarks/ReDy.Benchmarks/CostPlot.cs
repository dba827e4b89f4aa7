using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace ReDy.Benchmarks;

/// <summary>Cost against size, both logarithmic, as an SVG file.</summary>
public static class CostPlot
{
    /// <param name="curves">Points (size, cost) of each named curve.</param>
    public static string Svg(string title, string sizeAxis, string costAxis, IEnumerable<(string Name, IEnumerable<(double Size, double Cost)> Points)> curves)
    {
        var plot = new PlotModel { Title = title, Background = OxyColors.White };
        plot.Legends.Add(new Legend { LegendPosition = LegendPosition.TopLeft });
        plot.Axes.Add(new LogarithmicAxis { Position = AxisPosition.Bottom, Title = sizeAxis, MajorGridlineStyle = LineStyle.Solid, MajorGridlineColor = OxyColors.LightGray, Base = 2 });
        plot.Axes.Add(new LogarithmicAxis { Position = AxisPosition.Left, Title = costAxis, MajorGridlineStyle = LineStyle.Solid, MajorGridlineColor = OxyColors.LightGray });
        foreach ((string name, IEnumerable<(double Size, double Cost)> points) in curves)
        {
            var line = new LineSeries { Title = name, MarkerType = MarkerType.Circle, MarkerSize = 4 };
            line.Points.AddRange(points.OrderBy(point => point.Size).Select(point => new DataPoint(point.Size, point.Cost)));
            plot.Series.Add(line);
        }

        var exporter = new SvgExporter { Width = 640, Height = 420 };
        return exporter.ExportToString(plot) + "\n";
    }
}
