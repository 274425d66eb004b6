package dev.attache.filters.http.compressor;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamEnd;
import io.netty.buffer.ByteBuf;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Compresses one response. Loop-confined; dies with its stream. */
final class CompressorFilter implements HttpFilter {
    private static final HeaderName CONTENT_ENCODING = HeaderName.of("content-encoding");
    private static final HeaderName VARY = HeaderName.of("vary");

    private final CompressorSpec spec;
    private boolean accepted;
    private @Nullable GzipStream gzip;

    CompressorFilter(CompressorSpec spec) {
        this.spec = spec;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        accepted = spec.available() && acceptsGzip(headers.getOr(HeaderName.ACCEPT_ENCODING, ""));
        return Step.CONTINUE;
    }

    /**
     * Whether the list names gzip or anything, with a weight that is not zero (RFC 9110 12.5.3).
     */
    static boolean acceptsGzip(String accept) {
        boolean any = false;
        for (String entry : accept.split(",", -1)) {
            String[] parts = entry.strip().toLowerCase(Locale.ROOT).split(";", 2);
            boolean refused = parts.length == 2 && parts[1].strip().matches("q=0(\\.0*)?");
            switch (parts[0].strip()) {
                case "gzip", "x-gzip" -> {
                    return !refused;
                }
                case "*" -> any = !refused;
                default -> {}
            }
        }
        return any;
    }

    @Override
    public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
        if (end || !accepted || !compressible(headers)) {
            return Step.CONTINUE;
        }
        gzip = new GzipStream(context.connection().worker().allocator());
        headers.set(CONTENT_ENCODING, "gzip");
        headers.remove(HeaderName.CONTENT_LENGTH);
        headers.appendJoined(VARY, "Accept-Encoding", ", ");
        String etag = headers.getOr(HeaderName.ETAG, "");
        if (!etag.isEmpty() && !etag.startsWith("W/")) {
            // A strong validator promises bytes that the client will not see.
            headers.remove(HeaderName.ETAG);
        }
        return Step.CONTINUE;
    }

    private boolean compressible(Headers headers) {
        long length = headers.getLong(HeaderName.CONTENT_LENGTH);
        boolean large = length < 0 || length >= spec.minContentLength();
        String type = headers.getOr(HeaderName.CONTENT_TYPE, "");
        int parameters = type.indexOf(';');
        String media = (parameters < 0 ? type : type.substring(0, parameters)).strip();
        boolean listed =
                media.isEmpty() || spec.contentTypes().contains(media.toLowerCase(Locale.ROOT));
        boolean transformable =
                !headers.getOr(HeaderName.CACHE_CONTROL, "").contains("no-transform");
        return large && listed && transformable && !headers.contains(CONTENT_ENCODING);
    }

    @Override
    public Step onResponseData(ByteBuf data, boolean end, FilterContext context) {
        GzipStream stream = gzip;
        if (stream == null) {
            return Step.CONTINUE;
        }
        context.inject(Direction.RESPONSE, stream.compress(data, end), end);
        return Step.DONE;
    }

    @Override
    public Step onResponseTrailers(Headers trailers, FilterContext context) {
        GzipStream stream = gzip;
        if (stream != null) {
            context.inject(Direction.RESPONSE, stream.compress(null, true), false);
        }
        return Step.CONTINUE;
    }

    @Override
    public void onStreamEnd(StreamEnd why, FilterContext context) {
        GzipStream stream = gzip;
        if (stream != null) {
            stream.close();
            gzip = null;
        }
    }
}
