package dev.attache.agent.onboard.check;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.agent.pem.Certificates;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.secret.v3.SecretDiscoveryServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Asks whoever serves the identity (SPIRE's agent) for it, by Envoy's secret discovery service. It
 * tells workloads apart by their user: who runs this may be given another identity than the agent,
 * or none, which is said and is no reason to stop. That nobody serves secrets there is one.
 *
 * @param socket where secrets are served
 */
record SocketCheck(Path socket, String namespace, String account, Findings findings) {
    private static final int PATIENCE_SECONDS = 5;
    private static final String TYPE =
            "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret";

    void run() throws CheckFailure {
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        ManagedChannel channel =
                NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                        .eventLoopGroup(loop)
                        .channelType(EpollDomainSocketChannel.class, DomainSocketAddress.class)
                        .withOption(ChannelOption.SO_KEEPALIVE, null)
                        .usePlaintext()
                        .overrideAuthority("sds")
                        .build();
        try {
            DiscoveryResponse answer =
                    SecretDiscoveryServiceGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                            .fetchSecrets(
                                    DiscoveryRequest.newBuilder()
                                            .setTypeUrl(TYPE)
                                            .addResourceNames("default")
                                            .build());
            judge(answer, Instant.now());
        } catch (StatusRuntimeException e) {
            refused(e.getStatus());
        } catch (InvalidProtocolBufferException | CertificateException e) {
            throw wrong("what is served at " + socket + " is no identity: " + e.getMessage());
        } finally {
            channel.shutdownNow();
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private void judge(DiscoveryResponse answer, Instant now)
            throws InvalidProtocolBufferException, CertificateException {
        if (answer.getResourcesCount() == 0) {
            findings.doubt(Subject.AUTHORITY, "no identity is given to this user; " + entry());
            return;
        }
        Secret secret = answer.getResources(0).unpack(Secret.class);
        X509Certificate own =
                Certificates.readAll(
                                secret.getTlsCertificate()
                                        .getCertificateChain()
                                        .getInlineBytes()
                                        .toStringUtf8())
                        .getFirst();
        String name = ServerCertificate.spiffe(own);
        if (name.endsWith(wanted())) {
            findings.good(
                    Subject.AUTHORITY,
                    "the socket gives "
                            + name
                            + " for "
                            + Duration.between(now, own.getNotAfter().toInstant()).toMinutes()
                            + " min");
        } else {
            findings.doubt(
                    Subject.AUTHORITY,
                    "the socket gives this user \""
                            + name
                            + "\", not the workload's name; "
                            + entry());
        }
    }

    private String wanted() {
        return "/ns/" + namespace + "/sa/" + account;
    }

    private String entry() {
        return "SPIRE has to have an entry for the agent's user, istio-proxy (1337), of a name that"
                + " ends with "
                + wanted()
                + ": `spire-server entry show -selector unix:uid:1337`";
    }

    private void refused(Status status) throws CheckFailure {
        String said = status.getDescription() == null ? "" : ": " + status.getDescription();
        switch (status.getCode()) {
            case PERMISSION_DENIED, NOT_FOUND, INVALID_ARGUMENT ->
                    findings.doubt(
                            Subject.AUTHORITY,
                            "the socket gives this user no identity" + said + "; " + entry());
            case UNIMPLEMENTED ->
                    findings.skipped(
                            Subject.AUTHORITY,
                            "the identity comes from a socket that is only asked by streams");
            case UNAVAILABLE -> throw wrong("nobody serves secrets at " + socket + said);
            default -> throw wrong(socket + " answers " + status.getCode() + said);
        }
    }

    private static CheckFailure wrong(String what) {
        return new CheckFailure(
                Subject.CREDENTIAL,
                what,
                "give the socket_path of SPIRE's agent (`spire-agent healthcheck -socketPath PATH`"
                        + " tells whether it runs)");
    }
}
