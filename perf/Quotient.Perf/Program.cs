using Quotient.Perf;

var arguments = new Arguments(args);
switch (args.FirstOrDefault())
{
    case "products":
        ProductsCommand.Run(arguments);
        break;
    default:
        Console.Error.WriteLine("usage: dotnet run -c Release --project perf/Quotient.Perf -- products [--name value ...]");
        return 2;
}

return 0;
