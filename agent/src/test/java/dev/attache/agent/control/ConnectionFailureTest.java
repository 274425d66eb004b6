package dev.attache.agent.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.agent.control.ConnectionFailure.Kind;
import dev.attache.agent.grpc.BytesMarshaller;
import dev.attache.testkit.TestCertificates;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.handler.ssl.ClientAuth;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real handshakes and what is said of those that fail. */
@Timeout(30)
class ConnectionFailureTest {

    private final TestCertificates authority = TestCertificates.authority("CN=root");
    @TempDir Path directory;

    private static final MethodDescriptor<byte[], byte[]> NOTHING =
            MethodDescriptor.<byte[], byte[]>newBuilder()
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName("nobody/nothing")
                    .setRequestMarshaller(BytesMarshaller.INSTANCE)
                    .setResponseMarshaller(BytesMarshaller.INSTANCE)
                    .build();

    private Server server(TestCertificates.Issued issued) throws IOException {
        return server(issued, ClientAuth.OPTIONAL);
    }

    private Server server(TestCertificates.Issued issued, ClientAuth auth) throws IOException {
        return NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sslContext(
                        GrpcSslContexts.forServer(
                                        new ByteArrayInputStream(issued.chainPem()),
                                        new ByteArrayInputStream(issued.keyPem()))
                                .clientAuth(auth)
                                .trustManager(new ByteArrayInputStream(authority.pem()))
                                .build())
                .build()
                .start();
    }

    private ControlPlane plane(String address, String name, @Nullable ClientCertificate client)
            throws IOException {
        Path roots = directory.resolve("roots.pem");
        Files.write(roots, authority.pem());
        return new ControlPlane(
                address,
                name,
                false,
                TrustedRoots.of(roots),
                client,
                null,
                Map.of(),
                new ControlPlane.Keepalive(Duration.ofSeconds(30), Duration.ofSeconds(10)));
    }

    private static ConnectionFailure ask(ControlPlane plane) throws IOException {
        ManagedChannel channel = plane.open();
        try {
            ClientCalls.blockingUnaryCall(
                    channel,
                    NOTHING,
                    CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS),
                    new byte[0]);
            throw new AssertionError("there is no such method");
        } catch (StatusRuntimeException e) {
            return ConnectionFailure.of(plane, e);
        } finally {
            channel.shutdownNow();
        }
    }

    private ConnectionFailure ask(TestCertificates.Issued issued, String name) throws IOException {
        Server server = server(issued);
        try {
            return ask(plane("127.0.0.1:" + server.getPort(), name, null));
        } finally {
            server.shutdownNow();
        }
    }

    @Test
    void theNameHasToBeTheServers() throws IOException {
        TestCertificates.Issued issued = authority.leaf("CN=istiod").dns("istiod.test").issue();
        assertThat(ask(issued, "istiod.test").words()).contains("answered UNIMPLEMENTED");
        ConnectionFailure other = ask(issued, "other.test");
        assertThat(other.kind()).isEqualTo(Kind.TLS_NAME);
        assertThat(other.words()).contains("is not of other.test (ISTIOD_SAN names another)");
    }

    @Test
    void whatHasExpiredOrIsNotYetIsSaid() throws IOException {
        assertThat(ask(authority.leaf("CN=x").dns("x.test").expired().issue(), "x.test").kind())
                .isEqualTo(Kind.TLS_EXPIRED);
        assertThat(ask(authority.leaf("CN=x").dns("x.test").notYetValid().issue(), "x.test").kind())
                .isEqualTo(Kind.TLS_NOT_YET);
    }

    @Test
    void rootsOfOthersAreNamedByTheirFile() throws IOException {
        TestCertificates other = TestCertificates.authority("CN=other");
        ConnectionFailure failure = ask(other.leaf("CN=x").dns("x.test").issue(), "x.test");
        assertThat(failure.kind()).isEqualTo(Kind.TLS_UNTRUSTED);
        assertThat(failure.words()).contains(directory.resolve("roots.pem").toString());
    }

    @Test
    void aNameWithoutAnAddressIsNamed() throws IOException {
        ConnectionFailure failure = ask(plane("nowhere.invalid:15012", "nowhere.invalid", null));
        assertThat(failure.kind()).isEqualTo(Kind.NAME_UNKNOWN);
        assertThat(failure.words()).contains("nowhere.invalid has no address");
    }

    @Test
    void aClientsCertificateThatDoesNotDoLeavesTheToken() throws IOException {
        TestCertificates.Issued own = authority.leaf("CN=client").uri("spiffe://a/b").issue();
        ClientCertificate files =
                new ClientCertificate(directory.resolve("c.pem"), directory.resolve("k.pem"));
        Server server = server(authority.leaf("CN=x").dns("x.test").issue());
        try {
            ControlPlane plane = plane("127.0.0.1:" + server.getPort(), "x.test", files);
            assertThat(ask(plane).words()).contains("UNIMPLEMENTED");
            Files.write(files.chain(), own.chainPem());
            Files.write(files.key(), authority.leaf("CN=y").issue().keyPem());
            assertThat(ask(plane).words()).contains("UNIMPLEMENTED");
            Files.write(files.key(), own.keyPem());
            assertThat(ask(plane).words()).contains("UNIMPLEMENTED");
        } finally {
            server.shutdownNow();
        }
    }

    /** istiod gives its root twice where it is its own intermediate. */
    @Test
    void aChainInWhichACertificateStandsTwiceIsShown() throws IOException {
        TestCertificates.Issued own = authority.leaf("CN=client").uri("spiffe://a/b").issue();
        ClientCertificate files =
                new ClientCertificate(directory.resolve("c.pem"), directory.resolve("k.pem"));
        String root = new String(authority.pem(), StandardCharsets.US_ASCII);
        Files.writeString(
                files.chain(),
                new String(own.certificatePem(), StandardCharsets.US_ASCII) + root + root);
        Files.write(files.key(), own.keyPem());
        Server server = server(authority.leaf("CN=x").dns("x.test").issue(), ClientAuth.REQUIRE);
        try {
            ControlPlane plane = plane("127.0.0.1:" + server.getPort(), "x.test", files);
            assertThat(ask(plane).words()).contains("UNIMPLEMENTED");
        } finally {
            server.shutdownNow();
        }
    }
}
