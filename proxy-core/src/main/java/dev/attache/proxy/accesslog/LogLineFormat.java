package dev.attache.proxy.accesslog;

import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.stream.format.Formatter;
import dev.attache.proxy.stream.format.JsonFormat;

/** How one entry becomes one line. Immutable. */
public sealed interface LogLineFormat {

    /** Envoy's default format, line end included. */
    String DEFAULT_TEXT =
            "[%START_TIME%] \"%REQUEST_HEADER(:METHOD)% %REQUEST_HEADER(X-ENVOY-ORIGINAL-PATH?:PATH)%"
                    + " %PROTOCOL%\" %RESPONSE_CODE% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT%"
                    + " %DURATION% %RESPONSE_HEADER(X-ENVOY-UPSTREAM-SERVICE-TIME)%"
                    + " \"%REQUEST_HEADER(X-FORWARDED-FOR)%\" \"%REQUEST_HEADER(USER-AGENT)%\""
                    + " \"%REQUEST_HEADER(X-REQUEST-ID)%\" \"%REQUEST_HEADER(:AUTHORITY)%\""
                    + " \"%UPSTREAM_HOST%\"\n";

    void appendTo(StringBuilder out, FormatContext entry);

    record Text(Formatter formatter, boolean omitEmpty) implements LogLineFormat {
        @Override
        public void appendTo(StringBuilder out, FormatContext entry) {
            formatter.appendTo(out, entry, omitEmpty ? "" : "-");
        }
    }

    record Json(JsonFormat format) implements LogLineFormat {
        @Override
        public void appendTo(StringBuilder out, FormatContext entry) {
            format.appendTo(out, entry);
            out.append('\n');
        }
    }
}
