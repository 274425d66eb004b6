package dev.attache.filters.http.compressor;

import dev.attache.filters.compression.CompressionLibrary;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamEnd;
import io.netty.buffer.ByteBuf;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compresses the bodies of one stream. Loop-confined; dies with its stream. */
final class CompressorFilter implements HttpFilter {
    private static final HeaderName CONTENT_ENCODING = HeaderName.of("content-encoding");
    private static final HeaderName VARY = HeaderName.of("vary");
    private static final String VARY_VALUE = "Accept-Encoding";
    private static final Set<String> CODED = Set.of("gzip", "br", "deflate", "compress", "zstd");

    private final CompressorSpec spec;
    private final CompressorStats stats;
    private CompressionLibrary library;
    private @Nullable EncodingChoice choice;
    private @Nullable String acceptEncoding;
    private @Nullable BodyCompressor request;
    private @Nullable BodyCompressor response;

    CompressorFilter(CompressorSpec spec, CompressorStats stats) {
        this.spec = spec;
        this.stats = stats;
        this.library = spec.library();
    }

    // ---- request ------------------------------------------------------------------------------

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        CompressorOverride override = context.override(CompressorOverride.class);
        if (override != null && override.library() != null) {
            library = override.library();
        }
        EncodingChoice all = EncodingChoice.of(context.info().filterState());
        all.offer(library.contentEncoding(), spec.response(), spec.chooseFirst());
        choice = all;
        acceptEncoding = headers.get(HeaderName.ACCEPT_ENCODING);
        if (compressesResponses(override) && removesAcceptEncoding(override)) {
            headers.remove(HeaderName.ACCEPT_ENCODING);
        }
        if (!end && compressible(headers)) {
            headers.remove(HeaderName.CONTENT_LENGTH);
            headers.set(CONTENT_ENCODING, library.contentEncoding());
            stats.request().compressed().inc();
            request = compressor(stats.request(), context);
        } else {
            stats.request().notCompressed().inc();
        }
        return Step.CONTINUE;
    }

    private boolean compressible(Headers headers) {
        BodyRules rules = spec.request();
        return rules != null
                && rules.enabled()
                && !isUpgrade(headers)
                && longEnough(rules, stats.request(), headers)
                && rules.allows(headers)
                && !headers.contains(CONTENT_ENCODING)
                && !coded(headers);
    }

    @Override
    public Step onRequestData(ByteBuf data, boolean end, FilterContext context) {
        return compress(request, Direction.REQUEST, data, end, context);
    }

    @Override
    public Step onRequestTrailers(Headers trailers, FilterContext context) {
        return finish(request, Direction.REQUEST, context);
    }

    // ---- response -----------------------------------------------------------------------------

    @Override
    public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
        boolean wanted =
                compressesResponses(context.override(CompressorOverride.class))
                        && longEnough(spec.response(), stats.response(), headers);
        boolean suitable = wanted && suitable(headers);
        if (!end && wanted && chosen(headers) && suitable && !coded(headers)) {
            removeStrongEtag(headers);
            headers.remove(HeaderName.CONTENT_LENGTH);
            headers.set(CONTENT_ENCODING, library.contentEncoding());
            stats.response().compressed().inc();
            response = compressor(stats.response(), context);
        } else {
            stats.response().notCompressed().inc();
        }
        if (suitable) {
            // A cache must know, although this client got the body as it is.
            addVary(headers);
        }
        return Step.CONTINUE;
    }

    private boolean suitable(Headers headers) {
        return !isUpgrade(headers)
                && !spec.responseRules()
                        .uncompressibleStatuses()
                        .contains((int) headers.getLong(HeaderName.STATUS))
                && spec.response().allows(headers)
                && !hasToken(headers.getJoined(HeaderName.CACHE_CONTROL), "no-transform")
                && etagAllows(headers)
                && !headers.contains(CONTENT_ENCODING);
    }

    private boolean etagAllows(Headers headers) {
        boolean allowed =
                !(spec.responseRules().disableOnEtag() && headers.contains(HeaderName.ETAG));
        if (!allowed) {
            stats.choice().notCompressedEtag().inc();
        }
        return allowed;
    }

    private boolean chosen(Headers headers) {
        String accepted = acceptEncoding;
        EncodingChoice all = choice;
        if (accepted == null || all == null) {
            stats.choice().noAcceptHeader().inc();
            return false;
        }
        EncodingChoice.Decision decision = all.decide(accepted, headers);
        boolean ours = library.contentEncoding().equalsIgnoreCase(decision.encoding());
        switch (decision.reason()) {
            case VALID_COMPRESSOR -> {
                if (ours) {
                    stats.choice().headerCompressorUsed().inc();
                } else {
                    stats.choice().headerCompressorOvershadowed().inc();
                }
            }
            case IDENTITY -> stats.choice().headerIdentity().inc();
            case WILDCARD -> stats.choice().headerWildcard().inc();
            case NOT_VALID -> stats.choice().headerNotValid().inc();
        }
        return ours;
    }

    @Override
    public Step onResponseData(ByteBuf data, boolean end, FilterContext context) {
        return compress(response, Direction.RESPONSE, data, end, context);
    }

    @Override
    public Step onResponseTrailers(Headers trailers, FilterContext context) {
        return finish(response, Direction.RESPONSE, context);
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

    private boolean compressesResponses(@Nullable CompressorOverride override) {
        Boolean said = override == null ? null : override.responses();
        return said == null ? spec.response().enabled() : said;
    }

    private boolean removesAcceptEncoding(@Nullable CompressorOverride override) {
        Boolean said = override == null ? null : override.removeAcceptEncoding();
        return said == null ? spec.responseRules().removeAcceptEncoding() : said;
    }

    private BodyCompressor compressor(CompressorStats.Body counted, FilterContext context) {
        return new BodyCompressor(library, context.connection().worker().allocator(), counted);
    }

    private static Step compress(
            @Nullable BodyCompressor compressor,
            Direction direction,
            ByteBuf data,
            boolean end,
            FilterContext context) {
        if (compressor == null) {
            return Step.CONTINUE;
        }
        context.inject(direction, compressor.compress(data, end), end);
        return Step.DONE;
    }

    private static Step finish(
            @Nullable BodyCompressor compressor, Direction direction, FilterContext context) {
        if (compressor != null) {
            context.inject(direction, compressor.compress(null, true), false);
        }
        return Step.CONTINUE;
    }

    private static boolean longEnough(
            BodyRules rules, CompressorStats.Body counted, Headers headers) {
        boolean enough = rules.longEnough(headers);
        if (!enough) {
            counted.contentLengthTooSmall().inc();
        }
        return enough;
    }

    /** The message is compressed already, on the way from hop to hop. */
    private static boolean coded(Headers headers) {
        String codings = headers.getJoined(HeaderName.TRANSFER_ENCODING);
        if (codings != null) {
            for (String coding : codings.split(",", -1)) {
                if (CODED.contains(coding.strip().toLowerCase(Locale.ROOT))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A strong validator promises bytes that the client will not see (RFC 9110 section 8.8.1). */
    private static void removeStrongEtag(Headers headers) {
        int etag = headers.indexOf(HeaderName.ETAG);
        if (etag >= 0 && !headers.value(etag).regionMatches(true, 0, "W/", 0, 2)) {
            headers.remove(HeaderName.ETAG);
        }
    }

    /** The header alone asks for nothing: connection has to name it. */
    private static boolean isUpgrade(Headers headers) {
        return headers.contains(HeaderName.UPGRADE)
                && hasToken(headers.getJoined(HeaderName.CONNECTION), "upgrade");
    }

    private static void addVary(Headers headers) {
        String vary = headers.getJoined(VARY);
        if (vary == null) {
            headers.set(VARY, VARY_VALUE);
        } else if (!hasExactly(vary, VARY_VALUE)) {
            headers.set(VARY, vary + ", " + VARY_VALUE);
        }
    }

    /**
     * As Envoy looks for it: {@code accept-encoding} is another one, and repeating does no harm.
     */
    private static boolean hasExactly(String list, String token) {
        for (String entry : list.split(",", -1)) {
            if (entry.strip().equals(token)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasToken(@Nullable String list, String token) {
        if (list != null) {
            for (String entry : list.split(",", -1)) {
                if (entry.strip().equalsIgnoreCase(token)) {
                    return true;
                }
            }
        }
        return false;
    }
}
