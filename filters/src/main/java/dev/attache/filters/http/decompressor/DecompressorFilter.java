package dev.attache.filters.http.decompressor;

import dev.attache.filters.http.decompressor.DecompressorSpec.Rules;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamEnd;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/** One stream: decodes what is coded with the library's coding last. */
final class DecompressorFilter implements HttpFilter {

    private final DecompressorSpec spec;
    private final DecompressorStats stats;
    private @Nullable BodyDecompression request;
    private @Nullable BodyDecompression response;

    DecompressorFilter(DecompressorSpec spec, DecompressorStats stats) {
        this.spec = spec;
        this.stats = stats;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        if (spec.response().enabled() && spec.advertises()) {
            advertise(headers);
        }
        if (!end) {
            request = begin(headers, spec.request(), stats.request(), context);
        }
        return Step.CONTINUE;
    }

    /** The coding stands once, and last. */
    private void advertise(Headers headers) {
        String coding = spec.library().contentEncoding();
        String accepted = headers.getJoined(HeaderName.ACCEPT_ENCODING);
        StringBuilder all = new StringBuilder();
        for (String entry : accepted == null ? new String[0] : accepted.split(",", -1)) {
            String trimmed = entry.strip();
            int parameters = trimmed.indexOf(';');
            String name = parameters < 0 ? trimmed : trimmed.substring(0, parameters).strip();
            if (!name.isEmpty() && !name.equals(coding)) {
                all.append(trimmed).append(',');
            }
        }
        headers.set(HeaderName.ACCEPT_ENCODING, all.append(coding).toString());
    }

    @Override
    public Step onRequestData(ByteBuf data, boolean end, FilterContext context) {
        return decode(request, Direction.REQUEST, data, end, context);
    }

    @Override
    public Step onRequestTrailers(Headers trailers, FilterContext context) {
        if (request != null) {
            request.report(trailers);
        }
        return Step.CONTINUE;
    }

    @Override
    public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
        if (!end) {
            response = begin(headers, spec.response(), stats.response(), context);
        }
        return Step.CONTINUE;
    }

    @Override
    public Step onResponseData(ByteBuf data, boolean end, FilterContext context) {
        return decode(response, Direction.RESPONSE, data, end, context);
    }

    @Override
    public Step onResponseTrailers(Headers trailers, FilterContext context) {
        if (response != null) {
            response.report(trailers);
        }
        return Step.CONTINUE;
    }

    @Override
    public void onStreamEnd(StreamEnd why, FilterContext context) {
        if (request != null) {
            request.close();
        }
        if (response != null) {
            response.close();
        }
    }

    // ---- both ---------------------------------------------------------------------------------

    private @Nullable BodyDecompression begin(
            Headers headers, Rules rules, DecompressorStats.Body counted, FilterContext context) {
        String codings = headers.getJoined(HeaderName.CONTENT_ENCODING);
        if (!rules.enabled()
                || codings == null
                || !rules.ignoresNoTransform() && forbidden(headers)
                || !isFirst(codings)) {
            counted.notDecompressed().inc();
            return null;
        }
        counted.decompressed().inc();
        headers.remove(HeaderName.CONTENT_LENGTH);
        int comma = codings.indexOf(',');
        if (comma < 0) {
            headers.remove(HeaderName.CONTENT_ENCODING);
        } else {
            headers.set(HeaderName.CONTENT_ENCODING, codings.substring(comma + 1).strip());
        }
        ByteBufAllocator allocator = context.connection().worker().allocator();
        return new BodyDecompression(
                spec.library().decoder(allocator, stats::error),
                allocator,
                counted,
                spec.libraryName());
    }

    private boolean isFirst(String codings) {
        int comma = codings.indexOf(',');
        return (comma < 0 ? codings : codings.substring(0, comma))
                .strip()
                .equalsIgnoreCase(spec.library().contentEncoding());
    }

    private static boolean forbidden(Headers headers) {
        String said = headers.getJoined(HeaderName.CACHE_CONTROL);
        if (said != null) {
            for (String directive : said.split(",", -1)) {
                if (directive.strip().equalsIgnoreCase("no-transform")) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Step decode(
            @Nullable BodyDecompression body,
            Direction direction,
            ByteBuf data,
            boolean end,
            FilterContext context) {
        if (body == null) {
            return Step.CONTINUE;
        }
        context.inject(direction, body.decode(data), false);
        if (end) {
            MessagePart part =
                    direction == Direction.REQUEST
                            ? MessagePart.REQUEST_TRAILERS
                            : MessagePart.RESPONSE_TRAILERS;
            context.injectTrailers(direction, body.report(new Headers(part)));
        }
        return Step.DONE;
    }
}
