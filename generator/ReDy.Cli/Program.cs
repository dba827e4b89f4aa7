System.Console.WriteLine("redy");
