package dev.attache.proxy.route.match;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The path of a request as matchers of paths see it. Pure. */
public final class RequestPath {

    private RequestPath() {}

    /**
     * The path without query and fragment, or null where there is none.
     *
     * @param withoutParameters {@code ignore_path_parameters_in_path_matching}: without the
     *     parameters of its segments, as routes are matched
     */
    public static @Nullable String of(Headers request, boolean withoutParameters) {
        int field = request.indexOf(HeaderName.PATH);
        if (field < 0) {
            return null;
        }
        byte[] text = request.text();
        int start = request.valueStart(field);
        int length = CompiledPath.length(text, start, request.valueLength(field));
        if (withoutParameters) {
            byte[] stripped = PathParameters.stripped(text, start, length);
            if (stripped != null) {
                return new String(stripped, StandardCharsets.ISO_8859_1);
            }
        }
        return new String(text, start, length, StandardCharsets.ISO_8859_1);
    }
}
