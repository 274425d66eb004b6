package dev.attache.filters.http.ext_proc;

import dev.attache.filters.http.ext_proc.ProcessingMode.BodyMode;
import dev.attache.filters.http.ext_proc.ProcessingMode.HeaderMode;

/** Reads {@code ProcessingMode}. A number that nobody knows means the default. Pure. */
final class ProcessingModeWire {

    private static final HeaderMode[] HEADER_MODES = HeaderMode.values();
    private static final BodyMode[] BODY_MODES = BodyMode.values();

    private ProcessingModeWire() {}

    static ProcessingMode read(
            io.envoyproxy.envoy.extensions.filters.http.ext_proc.v3.ProcessingMode mode) {
        return new ProcessingMode(
                header(mode.getRequestHeaderModeValue()),
                header(mode.getResponseHeaderModeValue()),
                body(mode.getRequestBodyModeValue()),
                body(mode.getResponseBodyModeValue()),
                header(mode.getRequestTrailerModeValue()),
                header(mode.getResponseTrailerModeValue()));
    }

    private static HeaderMode header(int number) {
        return number >= 0 && number < HEADER_MODES.length
                ? HEADER_MODES[number]
                : HeaderMode.DEFAULT;
    }

    private static BodyMode body(int number) {
        return number >= 0 && number < BODY_MODES.length ? BODY_MODES[number] : BodyMode.NONE;
    }
}
