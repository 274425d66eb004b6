package dev.attache.agent.hook;

import java.io.PrintStream;

/** The run that the AOT cache of {@code wait} and {@code request} is recorded from. */
public final class HookRehearsal {

    private HookRehearsal() {}

    public static void main(String[] arguments) {
        PrintStream out = System.out;
        HookMain.run(out, out, "wait", "--timeoutSeconds=1", "--url=http://localhost:1/ready");
        HookMain.run(out, out, "request", "--debug-port=15004", "GET", "rehearsal");
    }
}
