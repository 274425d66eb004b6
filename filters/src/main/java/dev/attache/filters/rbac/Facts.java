package dev.attache.filters.rbac;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.metadata.DynamicMetadata;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.route.match.RequestPath;
import dev.attache.proxy.stream.HttpMatchData;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one request, or of a connection, while access to it is decided. Lives as long as
 * that; loop-confined.
 */
public final class Facts implements HttpMatchData {

    /** Of a connection; nobody writes to it. */
    private static final Headers NO_HEADERS = new Headers(MessagePart.NONE, 0, 0);

    private final ConnectionInfo connection;
    private final @Nullable StreamInfo stream;
    private final Headers headers;
    private final @Nullable Route route;
    private @Nullable String path;
    private boolean pathRead;

    Facts(
            ConnectionInfo connection,
            @Nullable StreamInfo stream,
            Headers headers,
            @Nullable Route route) {
        this.connection = connection;
        this.stream = stream;
        this.headers = headers;
        this.route = route;
    }

    public static Facts ofRequest(Headers headers, FilterContext context) {
        return ofRequest(headers, context.info(), context.route());
    }

    /** Of a request that is on its way, or asked about. */
    public static Facts ofRequest(Headers headers, StreamInfo info, @Nullable Route route) {
        return new Facts(info.downstream(), info, headers, route);
    }

    public static Facts ofConnection(ConnectionInfo connection) {
        return new Facts(connection, null, NO_HEADERS, null);
    }

    /** Of a connection it has none. */
    public Headers headers() {
        return headers;
    }

    /**
     * @throws IllegalStateException of a connection
     */
    @Override
    public StreamInfo info() {
        if (stream == null) {
            throw new IllegalStateException("a connection is no stream");
        }
        return stream;
    }

    @Override
    public Headers requestHeaders() {
        return headers;
    }

    @Override
    public @Nullable Headers requestTrailers() {
        return null;
    }

    @Override
    public @Nullable Headers responseHeaders() {
        return null;
    }

    @Override
    public @Nullable Headers responseTrailers() {
        return null;
    }

    public ConnectionInfo connection() {
        return connection;
    }

    /**
     * The path without query and fragment, and without parameters where the routes are matched so;
     * null where there is none.
     */
    public @Nullable String path() {
        if (!pathRead) {
            pathRead = true;
            path =
                    RequestPath.of(
                            headers,
                            route != null
                                    && route.virtualHost()
                                            .table()
                                            .ignorePathParametersInPathMatching());
        }
        return path;
    }

    /** The request's trusted client, or the connection's peer. */
    public Address remoteAddress() {
        return stream == null ? connection.remoteAddress() : stream.downstreamRemoteAddress();
    }

    public DynamicMetadata dynamicMetadata() {
        return stream == null ? connection.dynamicMetadata() : stream.dynamicMetadata();
    }

    public FilterState filterState() {
        return stream == null ? connection.filterState() : stream.filterState();
    }

    /** The route's, or null where there is no route. */
    public @Nullable Metadata routeMetadata() {
        return route == null ? null : route.spec().metadata();
    }

    /** The same for expressions, to which a connection is a stream of its own. */
    FormatContext formatContext() {
        if (stream != null) {
            return FormatContext.of(stream, headers);
        }
        StreamInfo info =
                new StreamInfo(connection, connection.startTimeMillis(), connection.startNanos());
        connection
                .dynamicMetadata()
                .snapshot()
                .filterMetadata()
                .forEach(info.dynamicMetadata()::merge);
        return FormatContext.of(info, headers);
    }

    /**
     * The same request with its method in capital letters, or null where it is written so already.
     */
    @Nullable Facts inCapitals() {
        int method = headers.indexOf(HeaderName.METHOD);
        if (method < 0 || !hasSmallLetters(method)) {
            return null;
        }
        Headers changed = headers.copy();
        changed.set(HeaderName.METHOD, headers.value(method).toUpperCase(Locale.ROOT));
        return new Facts(connection, stream, changed, route);
    }

    private boolean hasSmallLetters(int field) {
        for (int i = 0; i < headers.valueLength(field); i++) {
            byte octet = headers.valueByte(field, i);
            if (octet >= 'a' && octet <= 'z') {
                return true;
            }
        }
        return false;
    }
}
