using System.CommandLine;

namespace ReDy.Cli.Verbs.Networks;

/// <summary>A verb under <c>redy network</c>. Every class of this assembly that implements it is offered, as with <see cref="IVerb"/>.</summary>
internal interface INetworkVerb
{
    /// <summary>Place in the list that <c>redy network --help</c> shows.</summary>
    int Order { get; }

    IReadOnlyList<Example> Examples { get; }

    Command Build();
}
