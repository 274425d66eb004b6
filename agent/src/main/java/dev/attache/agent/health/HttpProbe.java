package dev.attache.agent.health;

import dev.attache.agent.http.AnyCertificate;
import dev.attache.agent.http.Deadline;
import dev.attache.agent.http.HttpCall;
import dev.attache.agent.http.HttpFields;
import dev.attache.agent.http.HttpReply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * {@code httpGet}: well is what answers with 200 to 399. The connection comes from an address that
 * redirection leaves alone; a certificate is not judged, as kubelet does not.
 *
 * @param source 127.0.0.6 or ::6
 * @param tls null for {@code http}
 * @param host where to connect
 * @param path as configured, and as Go's client would send it
 */
record HttpProbe(
        InetAddress source,
        @Nullable SSLSocketFactory tls,
        String host,
        int port,
        String path,
        List<HttpFields.Field> fields)
        implements Probe {

    static final String AGENT = "istio-probe/1.0";

    private static final int REDIRECTS = 10;
    private static final Set<Integer> ELSEWHERE = Set.of(301, 302, 303, 307, 308);

    @Override
    public void ask(Duration limit) throws UnwellException {
        Deadline deadline = Deadline.in(limit);
        URI at = first();
        try {
            for (int hop = 0; hop <= REDIRECTS; hop++) {
                try (HttpReply reply = call(at).send(deadline)) {
                    int status = reply.status();
                    if (!ELSEWHERE.contains(status)) {
                        judge(status);
                        return;
                    }
                    at = next(at, reply.fields().text("Location"), status);
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new UnwellException("Get \"" + at + "\": " + e.getMessage());
        }
        throw new UnwellException("Get \"" + at + "\": stopped after 10 redirects");
    }

    private static void judge(int status) throws UnwellException {
        if (status < 200 || status >= 400) {
            throw new UnwellException("status code was not from [200,400), bad code " + status);
        }
    }

    private URI first() throws UnwellException {
        String scheme = tls == null ? "http://" : "https://";
        try {
            return URI.create(
                    scheme
                            + HttpCall.hostAndPort(host, port)
                            + (path.startsWith("/") ? path : "/" + path));
        } catch (IllegalArgumentException e) {
            throw new UnwellException("the path of the probe is no path: " + e.getMessage());
        }
    }

    private static URI next(URI from, String location, int status) throws IOException {
        if (location.isEmpty()) {
            throw new IOException(status + " response missing Location header");
        }
        return from.resolve(location);
    }

    private HttpCall call(URI at) {
        boolean secure = "https".equals(at.getScheme());
        int usual = secure ? 443 : 80;
        int to = at.getPort() < 0 ? usual : at.getPort();
        String name = String.valueOf(at.getHost()).replaceAll("[\\[\\]]", "");
        HttpFields sent = HttpFields.of("Host", HttpCall.hostAndPort(name, to));
        for (HttpFields.Field field : fields) {
            if (field.name().equalsIgnoreCase("host")) {
                sent.set("Host", field.value());
            } else {
                sent.add(field.name(), field.value());
            }
        }
        if (!sent.has("User-Agent")) {
            sent.add("User-Agent", AGENT);
        }
        sent.add("Connection", "close");
        String query = at.getRawQuery() == null ? "" : "?" + at.getRawQuery();
        String target = (at.getRawPath().isEmpty() ? "/" : at.getRawPath()) + query;
        SSLSocketFactory socket = secure ? AnyCertificate.sockets() : null;
        return new HttpCall(name, to, source, socket, "GET", target, sent, new byte[0]);
    }
}
