package dev.attache.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.tls.secret.SanMatcher;
import dev.attache.proxy.tls.secret.SanMatcher.SanType;
import dev.attache.testkit.TestCertificates;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names that look like the wanted one are not it: whole values, by kind. */
class SanMatchingTest {

    private static final TestCertificates CA = TestCertificates.authority("CN=root");

    private static boolean matches(X509Certificate leaf, SanType type, String wanted) {
        return SubjectAltNames.matchesOne(
                leaf, List.of(new SanMatcher(type, new StringMatcher.Exact(wanted, false))));
    }

    private static X509Certificate uri(String... names) {
        TestCertificates.Leaf leaf = CA.leaf("CN=x");
        for (String name : names) {
            leaf.uri(name);
        }
        return leaf.issue().certificate();
    }

    private static X509Certificate dns(String name) {
        return CA.leaf("CN=x").dns(name).issue().certificate();
    }

    @Test
    void urisAreComparedWhole() {
        String wanted = "spiffe://mesh.test/ns/a/sa/b";
        assertThat(matches(uri(wanted), SanType.URI, wanted)).isTrue();
        assertThat(matches(uri("spiffe://mesh.test/x", wanted), SanType.URI, wanted)).isTrue();
        for (String other :
                List.of(
                        wanted + "c",
                        wanted + "/",
                        wanted + "%00",
                        wanted.substring(0, wanted.length() - 1),
                        "spiffe://mesh.test.evil/ns/a/sa/b",
                        "SPIFFE://mesh.test/ns/a/sa/b",
                        "x" + wanted)) {
            assertThat(matches(uri(other), SanType.URI, wanted)).as(other).isFalse();
        }
    }

    @Test
    void kindsAreNotMixed() {
        assertThat(matches(uri("good.test"), SanType.DNS, "good.test")).isFalse();
        assertThat(matches(dns("good.test"), SanType.URI, "good.test")).isFalse();
        assertThat(matches(dns("good.test"), SanType.EMAIL, "good.test")).isFalse();
        assertThat(matches(CA.leaf("CN=good.test").issue().certificate(), SanType.DNS, "good.test"))
                .as("a common name is no alternative name")
                .isFalse();
        assertThat(
                        matches(
                                CA.leaf("CN=x").other("1.2.3", "good.test").issue().certificate(),
                                SanType.DNS,
                                "good.test"))
                .isFalse();
    }

    @Test
    void aWildcardIsOneWholeLabelInFront() {
        assertThat(matches(dns("*.good.test"), SanType.DNS, "a.good.test")).isTrue();
        assertThat(matches(dns("*.good.test"), SanType.DNS, "good.test")).isFalse();
        assertThat(matches(dns("*.good.test"), SanType.DNS, "a.b.good.test")).isFalse();
        assertThat(matches(dns("*.good.test"), SanType.DNS, ".good.test")).isFalse();
        for (String odd : List.of("*.*", "*", "*.", "a*.good.test", "*a.good.test", "a.*.test")) {
            assertThat(PeerVerifier.dnsMatches("a.good.test", odd)).as(odd).isFalse();
        }
        assertThat(PeerVerifier.dnsMatches("good.test", "good.test\0.evil.test")).isFalse();
        assertThat(PeerVerifier.dnsMatches("good.test\0.evil.test", "good.test")).isFalse();
    }
}
