package dev.attache.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.tls.secret.Identity;
import dev.attache.proxy.tls.secret.SanMatcher;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsParams;
import dev.attache.proxy.tls.secret.TlsSecret;
import dev.attache.proxy.tls.secret.Trust;
import dev.attache.proxy.transport.ClientTransport;
import dev.attache.testkit.TestCertificates;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A secret costs once, whoever uses it. */
class SharedSecretsTest {

    private static final TestCertificates CA = TestCertificates.authority("CN=root");

    private final StatsStore stats = new StatsStore();

    private static TlsSecret.Certificate certificate(TestCertificates.Issued issued) {
        return new TlsSecret.Certificate(
                issued.chainPem(), issued.keyPem(), null, null, null, "chain", "key");
    }

    private static TlsSecret.Validation trust(String san) {
        return new TlsSecret.Validation(
                CA.pem(),
                "ca",
                null,
                List.of(
                        new SanMatcher(
                                SanMatcher.SanType.URI,
                                new dev.attache.proxy.matching.StringMatcher.Exact(san, false))),
                List.of(),
                List.of(),
                false,
                false,
                false,
                100,
                false);
    }

    private static ClientTlsSpec spec(SecretRef<TlsSecret.Certificate> own, String san) {
        return new ClientTlsSpec(
                TlsParams.clientDefaults(List.of("istio")),
                own,
                SecretRef.of(trust(san)),
                san,
                false,
                false,
                false,
                1,
                true);
    }

    @Test
    void theSameBytesAreParsedOnce() throws Exception {
        TestCertificates.Issued issued = CA.leaf("CN=a").issue();
        assertThat(Identity.of(certificate(issued))).isSameAs(Identity.of(certificate(issued)));
        assertThat(Identity.of(certificate(issued)))
                .isNotSameAs(Identity.of(certificate(CA.leaf("CN=a").issue())));
        assertThat(Trust.of(trust("spiffe://a"))).isSameAs(Trust.of(trust("spiffe://b")));
    }

    @Test
    void aRotationMakesOneContextForAllClusters() {
        int before = ClientContexts.size();
        SecretRef<TlsSecret.Certificate> own =
                SecretRef.of(certificate(CA.leaf("CN=first").issue()));
        List<ClientTransport> clusters = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clusters.add(spec(own, "spiffe://s" + i).open(stats.scope("cluster.c" + i + ".")));
        }
        assertThat(ClientContexts.size()).isEqualTo(before + 1);
        own.update(certificate(CA.leaf("CN=second").issue()));
        assertThat(ClientContexts.size()).isEqualTo(before + 1);
        assertThat(clusters).allMatch(ClientTransport::ready);
        assertThat(
                        stats.counter(
                                        "cluster.c7.client_ssl_socket_factory.ssl_context_update_by_sds")
                                .value())
                .isEqualTo(1);
        clusters.forEach(ClientTransport::close);
        assertThat(ClientContexts.size()).isEqualTo(before);
    }

    @Test
    void materialThatCannotBeUsedLeavesAllClustersAsTheyWere() {
        TestCertificates.Issued good = CA.leaf("CN=good").issue();
        SecretRef<TlsSecret.Certificate> own = SecretRef.of(certificate(good));
        ClientTransport cluster = spec(own, "spiffe://s").open(stats.scope("cluster.c."));
        own.update(
                new TlsSecret.Certificate(
                        good.chainPem(),
                        CA.leaf("CN=other").issue().keyPem(),
                        null,
                        null,
                        null,
                        "chain",
                        "key"));
        assertThat(cluster.ready()).isTrue();
        cluster.close();
    }

    @Test
    void aSecretSaysWhatIsWrongWithIt() {
        TestCertificates.Issued good = CA.leaf("CN=good").issue();
        assertThat(certificate(good).problem()).isNull();
        assertThat(
                        new TlsSecret.Certificate(
                                        good.chainPem(),
                                        CA.leaf("CN=x").rsa().issue().keyPem(),
                                        null,
                                        null,
                                        null,
                                        "chain",
                                        "key")
                                .problem())
                .isEqualTo(
                        "Failed to load private key from key, Cause: error:0b000073:X.509"
                                + " certificate routines:OPENSSL_internal:KEY_TYPE_MISMATCH");
    }
}
