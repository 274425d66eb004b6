package dev.attache.agent.hook;

import java.util.Map;

/** The flags of {@code wait} and {@code request} with their defaults, and their help. */
final class HookUsage {

    static final Map<String, String> WAIT_FLAGS =
            Map.of(
                    "timeoutSeconds", "60",
                    "requestTimeoutMillis", "500",
                    "periodMillis", "500",
                    "url", "http://localhost:15021/healthz/ready");

    static final Map<String, String> REQUEST_FLAGS = Map.of("debug-port", "15000");

    static final String WAIT =
            """
            Waits until the Envoy proxy is ready

            Usage:
              pilot-agent wait [flags]

            Flags:
              -h, --help                       help for wait
                  --periodMillis int           number of milliseconds to wait between attempts (default 500)
                  --requestTimeoutMillis int   number of milliseconds to wait for response (default 500)
                  --timeoutSeconds int         maximum number of seconds to wait for Envoy to be ready (default 60)
                  --url string                 URL to use in requests (default "http://localhost:15021/healthz/ready")

            Exit codes: 0 ready; 255 not within the time, or wrong usage.
            """;

    static final String REQUEST =
            """
            Makes an HTTP request to the Envoy admin API

            Usage:
              pilot-agent request <method> <path> [<body>] [flags]

            Flags:
                  --debug-port int32   Set the port to make a local request to. The default points to the Envoy admin API. (default 15000)
              -h, --help               help for request

            Exit codes: 0 answered, with 404 as well; 255 no answer, one above 399, or wrong usage.
            """;

    private HookUsage() {}
}
