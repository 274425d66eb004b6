package dev.attache.server.source;

import dev.attache.xds.client.ConfigSourceException;
import dev.attache.xds.stream.ConnectionSecurity;
import dev.attache.xds.stream.GrpcTarget;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.grpc.Metadata;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * A control plane by its {@code target_uri} ({@code google_grpc}): {@code host:port}, {@code
 * dns:///host:port} or {@code unix:/path}; plain text, or TLS with host name verification.
 */
final class GoogleTarget implements GrpcTarget {

    private final String uri;
    private final String authority;
    private final SocketAddress address;
    private final @Nullable ConnectionSecurity security;
    private final Metadata metadata;

    private GoogleTarget(
            String uri,
            String authority,
            SocketAddress address,
            @Nullable ConnectionSecurity security,
            Metadata metadata) {
        this.uri = uri;
        this.authority = authority;
        this.address = address;
        this.security = security;
        this.metadata = metadata;
    }

    static GoogleTarget of(GrpcService.GoogleGrpc google, Metadata metadata) {
        if (google.getCallCredentialsCount() > 0) {
            throw new ConfigSourceException(
                    "google_grpc.call_credentials are not supported; use initial_metadata");
        }
        String uri = google.getTargetUri();
        if (uri.startsWith("unix:")) {
            String path = uri.substring(uri.startsWith("unix://") ? 7 : 5);
            return new GoogleTarget(
                    uri, "localhost", new DomainSocketAddress(path), null, metadata);
        }
        String hostPort = uri.substring(uri.lastIndexOf('/') + 1);
        int colon = hostPort.lastIndexOf(':');
        if (colon <= 0) {
            throw new ConfigSourceException("google_grpc.target_uri has no port: " + uri);
        }
        String host = hostPort.substring(0, colon);
        InetSocketAddress address =
                InetSocketAddress.createUnresolved(
                        host, Integer.parseInt(hostPort.substring(colon + 1)));
        return new GoogleTarget(uri, hostPort, address, security(google, host), metadata);
    }

    private static @Nullable ConnectionSecurity security(
            GrpcService.GoogleGrpc google, String host) {
        if (!google.getChannelCredentials().hasSslCredentials()) {
            return null;
        }
        GrpcService.GoogleGrpc.SslCredentials ssl =
                google.getChannelCredentials().getSslCredentials();
        try {
            SslContextBuilder builder =
                    SslContextBuilder.forClient()
                            .applicationProtocolConfig(
                                    new ApplicationProtocolConfig(
                                            ApplicationProtocolConfig.Protocol.ALPN,
                                            ApplicationProtocolConfig.SelectorFailureBehavior
                                                    .NO_ADVERTISE,
                                            ApplicationProtocolConfig
                                                    .SelectedListenerFailureBehavior.ACCEPT,
                                            ApplicationProtocolNames.HTTP_2));
            if (ssl.hasRootCerts()) {
                builder.trustManager(open(ssl.getRootCerts()));
            }
            if (ssl.hasPrivateKey()) {
                builder.keyManager(open(ssl.getCertChain()), open(ssl.getPrivateKey()));
            }
            return verified(builder.build(), host);
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigSourceException(
                    "google_grpc.channel_credentials: " + e.getMessage(), e);
        }
    }

    private static ConnectionSecurity verified(SslContext context, String host) {
        return (channel, before, outcome) -> {
            SslHandler handler = context.newHandler(channel.alloc(), host, 443);
            SSLEngine engine = handler.engine();
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            engine.setSSLParameters(parameters);
            channel.pipeline().addBefore(before, null, handler);
            handler.handshakeFuture()
                    .addListener(done -> {
                        if (done.isSuccess()) {
                            outcome.ready();
                        } else {
                            outcome.failed(String.valueOf(done.cause()));
                        }
                    });
        };
    }

    private static InputStream open(DataSource source) throws IOException {
        return switch (source.getSpecifierCase()) {
            case FILENAME -> Files.newInputStream(Path.of(source.getFilename()));
            case INLINE_BYTES -> source.getInlineBytes().newInput();
            case INLINE_STRING ->
                    new ByteArrayInputStream(source.getInlineStringBytes().toByteArray());
            case ENVIRONMENT_VARIABLE -> {
                String value = System.getenv(source.getEnvironmentVariable());
                if (value == null) {
                    throw new IOException(
                            "Environment variable doesn't exist: "
                                    + source.getEnvironmentVariable());
                }
                yield new ByteArrayInputStream(
                        value.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
            case SPECIFIER_NOT_SET -> throw new IOException("a data source is empty");
        };
    }

    @Override
    public String name() {
        return uri;
    }

    @Override
    public SocketAddress nextAddress() {
        return address;
    }

    @Override
    public @Nullable ConnectionSecurity security() {
        return security;
    }

    @Override
    public String authority() {
        return authority;
    }

    @Override
    public Metadata metadata() {
        Metadata copy = new Metadata();
        copy.merge(metadata);
        return copy;
    }
}
