package dev.attache.proxy.network.http;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.network.http.request.PathNormalization;
import dev.attache.proxy.network.http.request.PathNormalization.Outcome;
import dev.attache.proxy.network.http.request.Paths;
import dev.attache.proxy.network.http.request.Upgrades;
import dev.attache.proxy.network.http.stats.HttpManagerStats;
import dev.attache.proxy.network.http.stats.HttpManagerStats.Count;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.stream.StreamInfo;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Checks that every request passes before it is prepared and routed, in Envoy's order ({@code
 * ActiveStream::decodeHeaders}); normalises path and host on the way.
 */
final class RequestAdmission {

    private static final AsciiString QUERY = AsciiString.cached("QUERY");
    private static final String PATH_FAILED = "path_normalization_failed";

    private RequestAdmission() {}

    /** The answer to a request that may not go on, or null. */
    static @Nullable LocalReply refusal(
            HttpConnectionManagerFactory chain, StreamInfo info, Headers request) {
        return refusal(chain, chain.stats(), info, request);
    }

    /**
     * The same.
     *
     * @param stats where what is refused counts; null: it is only asked about
     */
    static @Nullable LocalReply refusal(
            HttpConnectionManagerFactory chain,
            @Nullable HttpManagerStats stats,
            StreamInfo info,
            Headers request) {
        if (!request.contains(HeaderName.AUTHORITY)) {
            return LocalReply.of(400, "", "missing_host_header");
        }
        boolean connect = Upgrades.isConnect(request);
        int path = request.indexOf(HeaderName.PATH);
        if (path < 0 || request.valueLength(path) == 0) {
            if (connect && path < 0) {
                chain.preparation().normalizeHost(request, info.downstream());
                return null;
            }
            return LocalReply.of(404, "", "missing_path_rejected");
        }
        if (request.valueByte(path, 0) != '/' && !connect) {
            count(stats, Count.DOWNSTREAM_RQ_NON_RELATIVE_PATH);
            return LocalReply.of(404, "", "absolute_path_rejected");
        }
        if (isQueryOfNoType(request)) {
            return LocalReply.of(400, "", "query_missing_content_type");
        }
        LocalReply refused = normalizePath(chain, stats, request, path);
        if (refused == null) {
            chain.preparation().normalizeHost(request, info.downstream());
        }
        return refused;
    }

    /** A QUERY that does not say what its content is, which RFC 10008 section 2 forbids. */
    private static boolean isQueryOfNoType(Headers request) {
        if (!request.is(HeaderName.METHOD, QUERY)) {
            return false;
        }
        int type = request.indexOf(HeaderName.CONTENT_TYPE);
        return type < 0 || request.valueLength(type) == 0;
    }

    /**
     * Answers {@code Expect: 100-continue} ourselves, so that the upstream need not, unless it is
     * to.
     */
    static void continueAsExpected(
            HttpConnectionManagerFactory chain, Headers request, HttpStream stream) {
        if (chain.spec().proxy100Continue()) {
            return;
        }
        int expect = request.indexOf(HeaderName.EXPECT);
        if (expect < 0 || !request.valueEqualsIgnoreCase(expect, "100-continue")) {
            return;
        }
        request.remove(HeaderName.EXPECT);
        Headers go = new Headers(MessagePart.RESPONSE, 32, 2);
        go.add(HeaderName.STATUS, "100");
        stream.informational(go);
        chain.stats().completed(100);
    }

    private static @Nullable LocalReply normalizePath(
            HttpConnectionManagerFactory chain,
            @Nullable HttpManagerStats stats,
            Headers request,
            int path) {
        Paths options = chain.spec().paths();
        if (!PathNormalization.needed(
                options, request.text(), request.valueStart(path), request.valueLength(path))) {
            return null;
        }
        String original = request.value(path);
        Outcome outcome = PathNormalization.apply(options, original);
        if (outcome instanceof Outcome.Path(String value)) {
            if (!value.equals(original)) {
                request.setValue(path, value);
            }
            return null;
        }
        if (outcome instanceof Outcome.Rejected(String value)) {
            request.setValue(path, value);
            return rejected(stats);
        }
        String location = ((Outcome.Redirected) outcome).location();
        request.setValue(path, location);
        if (LocalReplies.isGrpc(request)) {
            // gRPC clients do not follow redirects.
            return rejected(stats);
        }
        count(stats, Count.DOWNSTREAM_RQ_REDIRECTED_WITH_NORMALIZED_PATH);
        return LocalReply.of(307, "", PATH_FAILED).with(HeaderName.LOCATION, location);
    }

    private static LocalReply rejected(@Nullable HttpManagerStats stats) {
        count(stats, Count.DOWNSTREAM_RQ_FAILED_PATH_NORMALIZATION);
        return LocalReply.of(400, "", PATH_FAILED);
    }

    private static void count(@Nullable HttpManagerStats stats, Count what) {
        if (stats != null) {
            stats.inc(what);
        }
    }
}
