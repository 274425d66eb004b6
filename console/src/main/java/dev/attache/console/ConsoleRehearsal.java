package dev.attache.console;

import dev.attache.console.command.Invocation;
import java.util.List;
import java.util.Map;

/** The run that the AOT cache of the console is recorded from. */
public final class ConsoleRehearsal {

    private ConsoleRehearsal() {}

    public static void main(String[] arguments) {
        Invocation invocation = new Invocation(System.out, System.out, Map.of());
        for (List<String> line :
                List.of(
                        List.of("xds", "--help"),
                        List.of("xds", "--admin", "127.0.0.1:1"),
                        List.of("top", "--once", "--admin", "127.0.0.1:1"))) {
            System.out.println(line + " exits with " + Console.run(line, invocation));
        }
    }
}
