package dev.attache.agent.status;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code /debug/pprof/}: what a JVM can say of it. The command line and the stacks of all platform
 * threads are there; Go's profiles are not, and the answer says what to run instead.
 */
public final class Profiles {

    private static final String INDEX =
            """
            /debug/pprof/

            cmdline    the command line
            goroutine  the stacks of all platform threads

            profile, heap, trace, symbol and the others are Go's: jcmd PID JFR.start, \
            GC.class_histogram and Thread.dump_to_file give a JVM's, and /profiling of the \
            admin interface the proxy's.
            """;

    private Profiles() {}

    /** Adds its pages, for this host only. */
    public static void addTo(StatusPages pages) {
        pages.add("/debug/pprof/", ((StatusPage) Profiles::index).forThisHost());
        pages.add("/debug/pprof/cmdline", ((StatusPage) Profiles::commandLine).forThisHost());
        pages.add("/debug/pprof/goroutine", ((StatusPage) Profiles::stacks).forThisHost());
    }

    private static void index(StatusRequest request, StatusReply reply) throws IOException {
        boolean whole = request.path().equals("/debug/pprof/");
        reply.field("Content-Type", "text/plain; charset=utf-8");
        reply.text(whole ? 200 : 501, INDEX);
    }

    private static void commandLine(StatusRequest request, StatusReply reply) throws IOException {
        var process = ProcessHandle.current().info();
        StringBuilder line = new StringBuilder(process.command().orElse("java"));
        for (String argument : process.arguments().orElse(new String[0])) {
            line.append('\0').append(argument);
        }
        reply.field("Content-Type", "text/plain; charset=utf-8");
        reply.text(200, line.toString());
    }

    private static void stacks(StatusRequest request, StatusReply reply) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append("threads: ")
                .append(ManagementFactory.getThreadMXBean().getThreadCount())
                .append("\n\n");
        Map<String, StackTraceElement[]> sorted = new TreeMap<>();
        Thread.getAllStackTraces()
                .forEach((thread, stack) ->
                        sorted.put(thread.getName() + " #" + thread.threadId(), stack));
        sorted.forEach((name, stack) -> {
            text.append(name).append('\n');
            for (StackTraceElement frame : stack) {
                text.append("    ").append(frame).append('\n');
            }
            text.append('\n');
        });
        reply.field("Content-Type", "text/plain; charset=utf-8");
        reply.text(200, text.toString());
    }
}
