package dev.attache.mesh;

import dev.attache.conformance.Tree;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A client of an API server: applies and deletes objects and takes tokens. Any thread. */
final class KubernetesApi implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient client;
    private final String base;
    private final String token;
    private final Map<String, Map<String, Object>> kinds = new ConcurrentHashMap<>();

    /**
     * @param authority the certificate that the server's is checked with
     */
    KubernetesApi(int port, String token, Path authority)
            throws IOException, GeneralSecurityException {
        this.client = HttpClient.newBuilder().sslContext(trusting(authority)).build();
        this.base = "https://127.0.0.1:" + port;
        this.token = token;
    }

    private static SSLContext trusting(Path authority)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(authority)) {
            int number = 0;
            for (var each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("a" + number++, each);
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** Sends one request; the body is JSON. */
    HttpResponse<String> send(String method, String path, String contentType, String body)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(base + path))
                        .timeout(PATIENCE)
                        .header("authorization", "Bearer " + token)
                        .header("content-type", contentType)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    boolean ready() {
        try {
            return send("GET", "/readyz", "application/json", "").statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** One object; empty while it is not there. */
    Map<String, Object> get(String path) {
        try {
            HttpResponse<String> answer = send("GET", path, "application/json", "");
            return answer.statusCode() == 200 ? Tree.map(Tree.parse(answer.body())) : Map.of();
        } catch (IOException notYet) {
            return Map.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Map.of();
        }
    }

    /** Makes objects so, and their status where they have one, in this order. */
    void apply(List<Map<String, Object>> objects) throws IOException, InterruptedException {
        for (Map<String, Object> object : objects) {
            String path = path(object);
            accepted(object, applied(path, Tree.json(object, false)));
            if (object.containsKey("status")) {
                Map<String, Object> status = new LinkedHashMap<>();
                status.put("status", object.get("status"));
                accepted(
                        object,
                        send(
                                "PATCH",
                                path + "/status",
                                "application/merge-patch+json",
                                Tree.json(status, false)));
            }
        }
    }

    /** Asks again while the webhook that is to judge the object is not served yet. */
    private HttpResponse<String> applied(String path, String object)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            HttpResponse<String> answer =
                    send(
                            "PATCH",
                            path + "?fieldManager=attache&force=true",
                            "application/apply-patch+yaml",
                            object);
            boolean early = answer.body().contains("failed calling webhook");
            if (!early || System.nanoTime() > end) {
                return answer;
            }
            Thread.sleep(100);
        }
    }

    void delete(List<Map<String, Object>> objects) throws IOException, InterruptedException {
        for (Map<String, Object> object : objects) {
            accepted(object, send("DELETE", path(object), "application/json", ""));
        }
    }

    /** A token of a service account, for an audience. */
    String token(String namespace, String account, String audience)
            throws IOException, InterruptedException {
        return token(namespace, account, audience, Map.of());
    }

    /**
     * The same, which ends with an object.
     *
     * @param audience whom it is for; empty for the API server
     * @param bound the object with its {@code uid}; empty for none
     */
    String token(String namespace, String account, String audience, Map<String, Object> bound)
            throws IOException, InterruptedException {
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("audiences", audience.isEmpty() ? List.of() : List.of(audience));
        spec.put("expirationSeconds", 3600);
        if (!bound.isEmpty()) {
            spec.put("boundObjectRef", bound);
        }
        Map<String, Object> request =
                Map.of(
                        "apiVersion",
                        "authentication.k8s.io/v1",
                        "kind",
                        "TokenRequest",
                        "spec",
                        spec);
        String path =
                "/api/v1/namespaces/%s/serviceaccounts/%s/token".formatted(namespace, account);
        HttpResponse<String> answer =
                send("POST", path, "application/json", Tree.json(request, false));
        accepted(request, answer);
        return Tree.text(
                Tree.map(Tree.map(Tree.parse(answer.body())).get("status")).get("token"), "");
    }

    private static void accepted(Map<String, Object> object, HttpResponse<String> answer)
            throws IOException {
        if (answer.statusCode() >= 300) {
            throw new IOException(
                    "%s %s: %d %s"
                            .formatted(
                                    object.get("kind"),
                                    object.get("metadata"),
                                    answer.statusCode(),
                                    answer.body()));
        }
    }

    private String path(Map<String, Object> object) throws IOException, InterruptedException {
        String version = String.valueOf(object.get("apiVersion"));
        Map<String, Object> kind = kind(version, String.valueOf(object.get("kind")));
        Map<String, Object> metadata = Tree.map(object.get("metadata"));
        String namespace =
                Tree.flag(kind.get("namespaced"))
                        ? "/namespaces/" + Tree.text(metadata.get("namespace"), "default")
                        : "";
        return group(version) + namespace + "/" + kind.get("name") + "/" + metadata.get("name");
    }

    private static String group(String version) {
        return (version.contains("/") ? "/apis/" : "/api/") + version;
    }

    /** What the server says of a kind; it may be about to learn it. */
    private Map<String, Object> kind(String version, String kind)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!kinds.containsKey(version + kind)) {
            if (System.nanoTime() > end) {
                throw new IOException("no kind " + kind + " of " + version);
            }
            var answer = send("GET", group(version), "application/json", "");
            if (answer.statusCode() == 200) {
                for (Object each :
                        Tree.list(Tree.map(Tree.parse(answer.body())).get("resources"))) {
                    Map<String, Object> resource = Tree.map(each);
                    if (!String.valueOf(resource.get("name")).contains("/")) {
                        kinds.put(version + resource.get("kind"), resource);
                    }
                }
            }
            if (!kinds.containsKey(version + kind)) {
                Thread.sleep(100);
            }
        }
        return kinds.get(version + kind);
    }

    @Override
    public void close() {
        client.close();
    }
}
