package dev.attache.server.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.explain.Question;
import dev.attache.proxy.tls.x509.CertificateReader;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class QuestionReaderTest {

    @Test
    void aUrlSaysHostPathAndTls() {
        Question question = read("url", "https://Shop.example/cart?x=1");
        assertThat(question.method()).isEqualTo("GET");
        assertThat(question.authority()).isEqualTo("Shop.example");
        assertThat(question.path()).isEqualTo("/cart?x=1");
        assertThat(question.tls()).isTrue();
        assertThat(question.serverName()).isEqualTo("shop.example");
    }

    @Test
    void aUrlOfAnAddressSaysTheDestination() {
        Question question = read("url", "http://127.0.0.1:8080");
        assertThat(question.destination()).isEqualTo(IpAddress.parse("127.0.0.1", 8080));
        assertThat(question.path()).isEqualTo("/");
        assertThat(read("url", "http://127.0.0.1:8080", "listener", "l").destination()).isNull();
    }

    @Test
    void headersAreLinesAndHostIsTheAuthority() {
        Question question = read("url", "/x", "headers", "Host: a.test\r\nX-Env:  beta \n");
        assertThat(question.authority()).isEqualTo("a.test");
        assertThat(question.fields()).containsExactly(new Question.Field("x-env", "beta"));
    }

    @Test
    void withoutAUrlTheConnectionIsAskedAbout() {
        Question question = read("sni", "A.test", "alpn", "h2,http/1.1", "source", "10.0.0.9");
        assertThat(question.method()).isNull();
        assertThat(question.serverName()).isEqualTo("a.test");
        assertThat(question.applicationProtocols()).containsExactly("h2", "http/1.1");
        assertThat(question.source()).isEqualTo(IpAddress.parse("10.0.0.9", 49152));
    }

    @Test
    void aNameOfTheClientsMeansTls() {
        Question question = read("url", "http://a.test/", "peer", "spiffe://td/a\nb.test\nCN=c");
        assertThat(question.tls()).isTrue();
        assertThat(question.serverName()).isEqualTo("a.test");
        X509Certificate leaf = question.peer().leaf();
        assertThat(CertificateReader.allSans(leaf)).containsExactly("spiffe://td/a", "b.test");
        assertThat(CertificateReader.read(leaf).subject()).isEqualTo("CN=c");
        assertThat(read("url", "/", "tls", "true", "http2", "true").applicationProtocols())
                .containsExactly("h2");
    }

    @Test
    void whatCannotBeReadIsNamed() {
        assertThatThrownBy(() -> read("client_cert", "text")).hasMessageStartingWith("client_cert");
        assertThatThrownBy(() -> read("peer", "=x")).hasMessageStartingWith("peer: ");
        assertThatThrownBy(() -> read("peer", "a b")).hasMessageContaining("'a b'");
        assertThatThrownBy(() -> read("peer", "a", "client_cert", "b"))
                .hasMessageContaining("one of them");
        assertThatThrownBy(() -> read("destination", "nowhere"))
                .hasMessage("destination: 'nowhere' is not an IP address with a port");
        assertThatThrownBy(() -> read("headers", "no colon"))
                .hasMessageContaining("lines of 'name: value'");
        assertThatThrownBy(() -> read("uri", "/")).hasMessageContaining("'uri' is not understood");
        assertThatThrownBy(() -> read("tls", "perhaps")).hasMessageContaining("true or false");
        assertThatThrownBy(() -> read("url", "ftp://a/")).hasMessageContaining("http or https");
    }

    private static Question read(String... namesAndValues) {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            given.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return QuestionReader.read(given);
    }
}
