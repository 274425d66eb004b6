package dev.attache.agent.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.environment.Environment;
import dev.attache.agent.identity.ca.VaultSettings;
import dev.attache.proxy.tls.hello.ClientHello;
import dev.attache.testkit.TestCertificates;
import io.grpc.ManagedChannel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is offered to the control plane, seen on the wire. */
@Timeout(30)
class TlsPolicyTest {

    private static final int P_256 = 23;
    private static final int P_384 = 24;
    private static final int X25519_MLKEM_768 = 0x11ec;
    private static final int[] APPROVED = {0xc02b, 0xc02f, 0xc02c, 0xc030};

    @TempDir Path directory;

    private Offer offer(String policy) throws IOException {
        Path roots = directory.resolve("roots.pem");
        Files.write(roots, TestCertificates.authority("CN=root").pem());
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Environment environment =
                    new Environment(
                            Map.of(
                                    "COMPLIANCE_POLICY",
                                    policy,
                                    "XDS_ROOT_CA",
                                    roots.toString(),
                                    "CA_ROOT_CA",
                                    roots.toString()));
            ControlPlaneSettings settings =
                    ControlPlaneSettings.of(
                            environment,
                            new Discovery("127.0.0.1:" + listening.getLocalPort(), true, Map.of()),
                            new AgentFiles(directory));
            assertThat(settings.authority().policy()).isEqualTo(settings.discovery().policy());
            ManagedChannel channel = settings.discovery().open();
            try {
                channel.getState(true);
                try (Socket socket = listening.accept()) {
                    return read(socket.getInputStream());
                }
            } finally {
                channel.shutdownNow();
            }
        }
    }

    private record Offer(ClientHello hello) {

        List<Integer> groups() {
            return Arrays.stream(hello.groups()).boxed().toList();
        }

        /** Suites of TLS 1.2. */
        int[] older() {
            return Arrays.stream(hello.cipherSuites())
                    .filter(suite -> suite >> 8 != 0x13)
                    .toArray();
        }

        boolean newest() {
            return Arrays.stream(hello.cipherSuites()).anyMatch(suite -> suite >> 8 == 0x13);
        }
    }

    private static Offer read(InputStream in) throws IOException {
        ByteBuf all = Unpooled.buffer();
        while (true) {
            byte[] some = new byte[4096];
            int length = in.read(some);
            assertThat(length).as("before the whole hello").isPositive();
            all.writeBytes(some, 0, length);
            ClientHello hello = ClientHello.read(all);
            if (hello.outcome() == ClientHello.Outcome.FOUND) {
                return new Offer(hello);
            }
        }
    }

    @Test
    void onlyWhatThePolicyAllowsIsOffered() throws IOException {
        Offer fips2 = offer("fips-140-2");
        assertThat(fips2.groups()).containsExactly(P_256);
        assertThat(fips2.older()).containsExactlyInAnyOrder(APPROVED);
        assertThat(fips2.newest()).isFalse();

        Offer fips3 = offer("fips-140-3");
        assertThat(fips3.groups()).containsExactly(P_256, P_384);
        assertThat(fips3.older()).containsExactlyInAnyOrder(APPROVED);
        assertThat(fips3.newest()).isTrue();

        Offer pqc = offer("pqc");
        assertThat(pqc.groups()).containsExactly(X25519_MLKEM_768);
        assertThat(pqc.older()).isEmpty();
        assertThat(pqc.newest()).isTrue();
    }

    @Test
    void noPolicyAndOneThatNobodyKnowsLimitNothing() throws IOException {
        for (String policy : List.of("", "fips-141")) {
            Offer offer = offer(policy);
            assertThat(offer.groups()).contains(P_256).hasSizeGreaterThan(1);
            assertThat(offer.older()).contains(0xc02b);
            assertThat(offer.newest()).isTrue();
        }
    }

    @Test
    void theJdksTlsIsLimitedTooOrRefused() {
        SSLParameters limited = TlsPolicy.FIPS_140_2.limited(new SSLParameters());
        assertThat(limited.getProtocols()).containsExactly("TLSv1.2");
        assertThat(limited.getNamedGroups()).containsExactly("secp256r1");
        Environment vault =
                new Environment(
                        Map.of(
                                "COMPLIANCE_POLICY",
                                "pqc",
                                "VAULT_ADDR",
                                "https://vault.test:8200",
                                "VAULT_PKI_ROLE",
                                "mesh",
                                "VAULT_TOKEN",
                                "t"));
        assertThatThrownBy(() -> VaultSettings.of(vault, new AgentFiles(directory)))
                .hasMessageContaining("COMPLIANCE_POLICY=pqc");
    }
}
