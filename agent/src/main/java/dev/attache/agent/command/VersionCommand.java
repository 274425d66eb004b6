package dev.attache.agent.command;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;

/** {@code version}: which Istio this agent equals, and which revision of Attache it is. */
public final class VersionCommand {

    /** The release of Istio whose agent this one equals; istiod is told so. */
    public static final String ISTIO_VERSION = "1.31.0";

    private static final int FAILED = 255;

    private VersionCommand() {}

    /**
     * Prints it.
     *
     * @param revision of the source that this was built from
     * @return the exit code
     */
    public static int run(PrintStream out, PrintStream err, String revision, String... arguments) {
        Map<String, Flags.Kind> known = new HashMap<>(LogFlags.known());
        known.put("short", Flags.Kind.TRUTH);
        known.put("output", Flags.Kind.TEXT);
        Flags flags = new Flags(known, Map.of('s', "short", 'o', "output"), false);
        try {
            flags.read(arguments);
        } catch (UsageException e) {
            err.println("Error: " + e.getMessage());
            return FAILED;
        }
        if (flags.help()) {
            out.println("Prints out build version information");
            out.println();
            out.println("Usage:");
            out.println("  pilot-agent version [-s|--short] [-o|--output yaml|json]");
            return 0;
        }
        String runtime = "java" + Runtime.version().feature();
        switch (flags.text("output", "")) {
            case "" ->
                    out.println(
                            flags.truth("short", false)
                                    ? "client version: " + ISTIO_VERSION
                                    : longForm(revision, runtime));
            case "json" -> out.printf(JSON, ISTIO_VERSION, revision, runtime);
            case "yaml" -> out.printf(YAML, runtime, revision, ISTIO_VERSION);
            default -> {
                err.println("Error: --output must be 'yaml' or 'json'");
                return FAILED;
            }
        }
        return 0;
    }

    private static String longForm(String revision, String runtime) {
        return ("client version: version.BuildInfo{Version:\"%s\", GitRevision:\"%s\","
                        + " GolangVersion:\"%s\", BuildStatus:\"attache\", GitTag:\"unknown\"}")
                .formatted(ISTIO_VERSION, revision, runtime);
    }

    private static final String JSON =
            """
            {
              "clientVersion": {
                "version": "%s",
                "revision": "%s",
                "golang_version": "%s",
                "status": "attache",
                "tag": "unknown"
              }
            }
            """;

    private static final String YAML =
            """
            clientVersion:
              golang_version: %s
              revision: %s
              status: attache
              tag: unknown
              version: %s

            """;
}
