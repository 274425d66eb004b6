package dev.attache.server.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.explain.Explanation;
import dev.attache.server.AttacheServer;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.flags.ServerOptions.ExplainOptions;
import dev.attache.server.log.LogLevel;
import dev.attache.testkit.OneListener;
import dev.attache.testkit.TestCertificates;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The certificate of the client as a part of the question, of a listener with mutual TLS. */
final class ClientCertificateTest {

    private static final String SLEEP = "spiffe://mesh/ns/a/sa/sleep";
    private static final TestCertificates MESH = TestCertificates.authority("CN=mesh");

    private static AttacheServer server;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        TestCertificates.Issued own = MESH.leaf("CN=web").uri("spiffe://mesh/ns/a/sa/web").issue();
        Path chain = Files.write(directory.resolve("chain.pem"), own.chainPem());
        Path key = Files.write(directory.resolve("key.pem"), own.keyPem());
        Path roots = Files.write(directory.resolve("roots.pem"), MESH.pem());
        String bootstrap =
                OneListener.plain()
                        .tls(
                                """
                                require_client_certificate: true, common_tls_context: {
                                  alpn_protocols: [h2, http/1.1],
                                  tls_certificates: [{certificate_chain: {filename: %s}, private_key: {filename: %s}}],
                                  validation_context: {trusted_ca: {filename: %s}, match_typed_subject_alt_names: [{san_type: URI, matcher: {prefix: "spiffe://mesh/"}}]}}
                                """
                                        .formatted(chain, key, roots)
                                        .replaceAll("\\s+", " "))
                        .with("forward_client_cert_details: SANITIZE_SET")
                        .with("set_current_client_cert_details: {uri: true}")
                        .filter(
                                "rbac",
                                "http.rbac.v3.RBAC",
                                "rules: {policies: {sleep: {permissions: [{any: true}], principals:"
                                        + " [{authenticated: {principal_name: {exact: \""
                                        + SLEEP
                                        + "\"}}}]}}}")
                        .routes(
                                "[\"*\"]",
                                "{name: open, match: {prefix: /, tls_context: {presented: false}},"
                                        + " direct_response: {status: 200}}",
                                "{name: known, match: {prefix: /, tls_context: {validated: true}},"
                                        + " direct_response: {status: 200}}");
        server =
                AttacheServer.start(
                        ServerOptions.builder()
                                .configYaml(bootstrap)
                                .concurrency(1)
                                .logLevel(LogLevel.ERROR)
                                .explain(ExplainOptions.OFFLINE)
                                .build());
        assertThat(server.awaitLive(Duration.ofSeconds(30))).isTrue();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Test
    void aNameIsWhatPrincipalsRoutesAndHeadersSee() throws Exception {
        Explanation said = explain("peer", SLEEP);
        assertThat(said.part("route").text("name")).isEqualTo("known");
        assertThat(filter(said).text("policy")).isEqualTo("sleep");
        assertThat(said.part("request").toString())
                .contains("By=spiffe://mesh/ns/a/sa/web;")
                .contains("URI=" + SLEEP);
        assertThat(said.part("client_certificate").text("note")).contains("names alone");
        assertThat(Outcome.word(said)).isEqualTo(Outcome.ROUTED);
    }

    @Test
    void anotherNameIsDenied() throws Exception {
        Explanation said = explain("peer", "spiffe://mesh/ns/a/sa/other");
        assertThat(filter(said).text("would")).isEqualTo("deny");
        assertThat(said.part("outcome").facts().get("status")).isEqualTo(403L);
    }

    @Test
    void theListenersOwnRulesJudgeTheNames() throws Exception {
        Explanation said = explain("peer", "spiffe://elsewhere/x\nCN=x\nx.test");
        assertThat(said.part("client_certificate").facts())
                .containsEntry("subject", "CN=x")
                .containsEntry("dns_sans", List.of("x.test"))
                .containsEntry("validated", false);
        assertThat(said.part("outcome").text("what")).isEqualTo("the handshake fails");
        assertThat(said.part("outcome").text("details")).contains("SAN matcher");
        assertThat(Outcome.word(said)).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void aCertificateIsVerifiedAsInAHandshake() throws Exception {
        assertThat(filter(explain("client_cert", pem(MESH))).text("policy")).isEqualTo("sleep");
        TestCertificates foreign = TestCertificates.authority("CN=foreign");
        assertThat(explain("client_cert", pem(foreign)).part("outcome").text("details"))
                .startsWith("verify cert failed: X509_verify_cert: certificate verification error");
    }

    @Test
    void withoutACertificateTheHandshakeFails() throws Exception {
        assertThat(explain("sni", "a.test").part("outcome").text("details"))
                .isEqualTo("peer did not provide required client certificate");
    }

    /** No question counts as a handshake does. */
    @Test
    void nothingIsCounted() throws Exception {
        explain("peer", "spiffe://elsewhere/x");
        explain("sni", "a.test");
        assertThat(server.stats().countersInUse("listener."))
                .extracting(counter -> counter.name())
                .noneMatch(name -> name.contains(".ssl."));
    }

    private static String pem(TestCertificates authority) {
        return new String(
                authority.leaf("CN=sleep").uri(SLEEP).issue().chainPem(),
                StandardCharsets.US_ASCII);
    }

    private static Explanation explain(String name, String value) throws Exception {
        Map<String, String> question = new HashMap<>();
        question.put("url", "https://web.test/x");
        question.put(name, value);
        return server.explain(QuestionReader.read(question)).get(30, TimeUnit.SECONDS);
    }

    private static Explanation filter(Explanation said) {
        return said.facts().get("http_filters") instanceof List<?> list
                        && list.getFirst() instanceof Explanation first
                ? first
                : new Explanation();
    }
}
