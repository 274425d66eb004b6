package dev.attache.agent.control;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One server of the control plane and how it is reached: that of the resources, or the one that
 * signs. Each channel that is opened reads the files anew; each call reads the token anew.
 * Immutable; any thread. The channels run on gRPC's own threads, never on those of the proxy.
 *
 * @param address host and port
 * @param serverName what the server's certificate has to be of; without meaning in plain text
 * @param plaintext without TLS
 * @param roots what the server's certificate is checked with
 * @param client what this side shows; null for nothing but the token
 * @param token the file of the token; null where none is sent
 * @param headers of each call, by name
 * @param keepalive how often a quiet connection is tried, and how long it may take to answer
 * @param sources what connections are bound to
 * @param policy what TLS may use
 */
public record ControlPlane(
        String address,
        String serverName,
        boolean plaintext,
        TrustedRoots roots,
        @Nullable ClientCertificate client,
        @Nullable Path token,
        Map<String, String> headers,
        Keepalive keepalive,
        LocalAddresses sources,
        TlsPolicy policy) {

    private static final int WINDOW = 1 << 20;

    public ControlPlane {
        headers = Map.copyOf(headers);
    }

    /** One whose connections leave by what routes say, by what TLS both sides agree on. */
    public ControlPlane(
            String address,
            String serverName,
            boolean plaintext,
            TrustedRoots roots,
            @Nullable ClientCertificate client,
            @Nullable Path token,
            Map<String, String> headers,
            Keepalive keepalive) {
        this(
                address,
                serverName,
                plaintext,
                roots,
                client,
                token,
                headers,
                keepalive,
                LocalAddresses.NONE,
                TlsPolicy.ANY);
    }

    /** The same, with connections that are bound to the address of their family, by a policy. */
    ControlPlane from(LocalAddresses bound, TlsPolicy tls) {
        return new ControlPlane(
                address,
                serverName,
                plaintext,
                roots,
                client,
                token,
                headers,
                keepalive,
                bound,
                tls);
    }

    /** The same by another address. */
    public ControlPlane at(String another) {
        return new ControlPlane(
                another,
                serverName,
                plaintext,
                roots,
                client,
                token,
                headers,
                keepalive,
                sources,
                policy);
    }

    /** How a connection on which nothing comes is tried. */
    public record Keepalive(Duration interval, Duration timeout) {}

    /** The host of the address, without the brackets of an address of IPv6. */
    public String host() {
        return host(address);
    }

    static String host(String address) {
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? address : address.substring(0, colon);
        return host.startsWith("[") && host.endsWith("]")
                ? host.substring(1, host.length() - 1)
                : host;
    }

    /**
     * A channel to it, which connects at its first call. The caller shuts it down.
     *
     * @throws IOException if the roots or the client's key cannot be used, in words
     */
    public ManagedChannel open() throws IOException {
        NettyChannelBuilder builder =
                NettyChannelBuilder.forTarget("dns:///" + address)
                        .intercept(new HeadersAndToken())
                        .disableRetry()
                        .flowControlWindow(WINDOW)
                        .maxInboundMessageSize(Integer.MAX_VALUE)
                        .keepAliveTime(keepalive.interval.toMillis(), TimeUnit.MILLISECONDS)
                        .keepAliveTimeout(keepalive.timeout.toMillis(), TimeUnit.MILLISECONDS);
        if (!sources.all().isEmpty()) {
            builder.localSocketPicker(new BoundTo(sources));
        }
        if (plaintext) {
            return builder.usePlaintext().build();
        }
        SslContextBuilder tls = GrpcSslContexts.forClient().trustManager(roots.managers());
        policy.limit(tls);
        if (client != null) {
            client.offer(tls);
        }
        String name = serverName.indexOf(':') < 0 ? serverName : "[" + serverName + "]";
        return builder.overrideAuthority(name).sslContext(tls.build()).build();
    }

    /** Puts the headers and the token to each call. */
    private final class HeadersAndToken implements ClientInterceptor {

        @Override
        public <Q, A> ClientCall<Q, A> interceptCall(
                MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
            CallOptions signed =
                    token == null
                            ? options
                            : options.withCallCredentials(new TokenCredentials(token));
            return new ForwardingClientCall.SimpleForwardingClientCall<>(
                    next.newCall(method, signed)) {
                @Override
                public void start(Listener<A> listener, Metadata sent) {
                    headers.forEach((name, value) ->
                            sent.put(
                                    Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER),
                                    value));
                    super.start(listener, sent);
                }
            };
        }
    }
}
