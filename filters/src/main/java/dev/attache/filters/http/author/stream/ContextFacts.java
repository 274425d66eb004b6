package dev.attache.filters.http.author.stream;

import dev.attache.filter.StreamFacts;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.connection.CertificateNames;
import dev.attache.proxy.connection.TlsInfo;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.stream.UpstreamInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of a stream, asked of it each time. Loop-confined. */
final class ContextFacts implements StreamFacts {
    private final FilterContext context;

    ContextFacts(FilterContext context) {
        this.context = context;
    }

    @Override
    public String clientAddress() {
        return context.info().downstreamRemoteAddress().toString();
    }

    @Override
    public String peerAddress() {
        return context.info().downstream().directRemoteAddress().toString();
    }

    @Override
    public String localAddress() {
        return context.info().downstream().localAddress().toString();
    }

    @Override
    public long connectionId() {
        return context.info().downstream().id();
    }

    @Override
    public @Nullable String requestedServerName() {
        return context.info().downstream().requestedServerName();
    }

    private @Nullable TlsInfo tls() {
        return context.info().downstream().tls();
    }

    @Override
    public @Nullable String tlsVersion() {
        TlsInfo tls = tls();
        return tls == null ? null : tls.version();
    }

    private @Nullable CertificateNames peer() {
        TlsInfo tls = tls();
        return tls == null ? null : tls.peerNames();
    }

    @Override
    public @Nullable String peerSubject() {
        CertificateNames peer = peer();
        return peer == null ? null : peer.subject();
    }

    @Override
    public List<String> peerUriNames() {
        CertificateNames peer = peer();
        return peer == null ? List.of() : peer.uriSans();
    }

    @Override
    public List<String> peerDnsNames() {
        CertificateNames peer = peer();
        return peer == null ? List.of() : peer.dnsSans();
    }

    @Override
    public @Nullable String protocol() {
        Protocol protocol = context.info().protocol();
        return protocol == null ? null : protocol.text();
    }

    @Override
    public String listenerName() {
        return context.info().downstream().listenerName();
    }

    @Override
    public String routeName() {
        return context.route() == null ? "" : context.info().routeName;
    }

    @Override
    public String virtualHostName() {
        return context.route() == null ? "" : context.info().virtualHostName;
    }

    @Override
    public @Nullable String clusterName() {
        ClusterSelection selection = context.cluster();
        return selection == null ? null : selection.cluster();
    }

    @Override
    public @Nullable String upstreamAddress() {
        UpstreamInfo upstream = context.info().upstream();
        Address host = upstream == null ? null : upstream.host;
        return host == null ? null : host.toString();
    }

    @Override
    public String requestId() {
        return context.requestHeaders().getOr(HeaderName.X_REQUEST_ID, "");
    }

    @Override
    public Instant startTime() {
        return Instant.ofEpochMilli(context.info().startTimeMillis());
    }

    @Override
    public Duration elapsed() {
        long now = context.connection().worker().nanoTime();
        return Duration.ofNanos(Math.max(0, now - context.info().startNanos()));
    }

    @Override
    public int responseCode() {
        return context.info().responseCode();
    }

    @Override
    public @Nullable String responseDetails() {
        return context.info().responseCodeDetails();
    }

    @Override
    public String responseFlags() {
        return context.info().flags(false);
    }

    @Override
    public long bytesReceived() {
        return context.info().bytesReceived;
    }

    @Override
    public long bytesSent() {
        return context.info().bytesSent;
    }

    @Override
    public int attempts() {
        return context.info().attemptCount;
    }
}
