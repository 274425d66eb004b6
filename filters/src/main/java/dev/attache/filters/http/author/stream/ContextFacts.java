package dev.attache.filters.http.author.stream;

import dev.attache.filter.StreamFacts;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.connection.CertificateNames;
import dev.attache.proxy.connection.TlsInfo;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.UpstreamInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of a stream, asked of it each time. Loop-confined. */
final class ContextFacts implements StreamFacts {
    private final FilterContext context;
    private final OwnThread thread;

    ContextFacts(FilterContext context, OwnThread thread) {
        this.context = context;
        this.thread = thread;
    }

    /** What is known of the stream, for a method of this name. */
    private StreamInfo info(String method) {
        thread.check(method);
        return context.info();
    }

    @Override
    public String clientAddress() {
        return info("clientAddress").downstreamRemoteAddress().toString();
    }

    @Override
    public String peerAddress() {
        return info("peerAddress").downstream().directRemoteAddress().toString();
    }

    @Override
    public String localAddress() {
        return info("localAddress").downstream().localAddress().toString();
    }

    @Override
    public long connectionId() {
        return info("connectionId").downstream().id();
    }

    @Override
    public @Nullable String requestedServerName() {
        return info("requestedServerName").downstream().requestedServerName();
    }

    private @Nullable TlsInfo tls(String method) {
        return info(method).downstream().tls();
    }

    @Override
    public @Nullable String tlsVersion() {
        TlsInfo tls = tls("tlsVersion");
        return tls == null ? null : tls.version();
    }

    private @Nullable CertificateNames peer(String method) {
        TlsInfo tls = tls(method);
        return tls == null ? null : tls.peerNames();
    }

    @Override
    public @Nullable String peerSubject() {
        CertificateNames peer = peer("peerSubject");
        return peer == null ? null : peer.subject();
    }

    @Override
    public List<String> peerUriNames() {
        CertificateNames peer = peer("peerUriNames");
        return peer == null ? List.of() : peer.uriSans();
    }

    @Override
    public List<String> peerDnsNames() {
        CertificateNames peer = peer("peerDnsNames");
        return peer == null ? List.of() : peer.dnsSans();
    }

    @Override
    public @Nullable String protocol() {
        Protocol protocol = info("protocol").protocol();
        return protocol == null ? null : protocol.text();
    }

    @Override
    public String listenerName() {
        return info("listenerName").downstream().listenerName();
    }

    @Override
    public String routeName() {
        thread.check("routeName");
        return context.route() == null ? "" : context.info().routeName;
    }

    @Override
    public String virtualHostName() {
        thread.check("virtualHostName");
        return context.route() == null ? "" : context.info().virtualHostName;
    }

    @Override
    public @Nullable String clusterName() {
        thread.check("clusterName");
        ClusterSelection selection = context.cluster();
        return selection == null ? null : selection.cluster();
    }

    @Override
    public @Nullable String upstreamAddress() {
        UpstreamInfo upstream = info("upstreamAddress").upstream();
        Address host = upstream == null ? null : upstream.host;
        return host == null ? null : host.toString();
    }

    @Override
    public String requestId() {
        thread.check("requestId");
        return context.requestHeaders().getOr(HeaderName.X_REQUEST_ID, "");
    }

    @Override
    public Instant startTime() {
        return Instant.ofEpochMilli(info("startTime").startTimeMillis());
    }

    @Override
    public Duration elapsed() {
        StreamInfo info = info("elapsed");
        long now = context.connection().worker().nanoTime();
        return Duration.ofNanos(Math.max(0, now - info.startNanos()));
    }

    @Override
    public int responseCode() {
        return info("responseCode").responseCode();
    }

    @Override
    public @Nullable String responseDetails() {
        return info("responseDetails").responseCodeDetails();
    }

    @Override
    public String responseFlags() {
        return info("responseFlags").flags(false);
    }

    @Override
    public long bytesReceived() {
        return info("bytesReceived").bytesReceived;
    }

    @Override
    public long bytesSent() {
        return info("bytesSent").bytesSent;
    }

    @Override
    public int attempts() {
        return info("attempts").attemptCount;
    }
}
