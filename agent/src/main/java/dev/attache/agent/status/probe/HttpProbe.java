package dev.attache.agent.status.probe;

import dev.attache.agent.http.AnyCertificate;
import dev.attache.agent.http.Deadline;
import dev.attache.agent.http.HttpCall;
import dev.attache.agent.http.HttpFields;
import dev.attache.agent.http.HttpReply;
import dev.attache.agent.status.StatusReply;
import dev.attache.agent.status.StatusRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code httpGet}: asks with the header fields of whoever asks, follows redirects to the same host
 * and passes on status and the beginning of the body, as kubelet would see them.
 *
 * @param path of the application; a slash may be missing
 * @param original path of the status port, for the log
 */
record HttpProbe(
        ProbeTarget target, int port, String path, boolean tls, int seconds, String original)
        implements Probe {

    private static final Logger LOG = LoggerFactory.getLogger("agent.probes");
    private static final int MOST_REDIRECTS = 10;
    private static final int MOST_BODY = 10 * 1024;

    /** Fields that are of a connection or a length, and are written anew. */
    private static final Set<String> OWN =
            Set.of("content-length", "transfer-encoding", "trailer", "connection");

    /** Where the next question goes. */
    private record Place(
            boolean tls, String host, int port, String target, String authority, String referer) {}

    @Override
    public void answer(StatusRequest request, StatusReply reply) throws IOException {
        Deadline limit = Deadline.in(Duration.ofSeconds(seconds > 0 ? seconds : LONGEST_SECONDS));
        byte[] body;
        try (HttpReply answer = ask(request, limit)) {
            int status = answer.status();
            if (status >= 300 && status < 400) {
                reply.status(200);
                return;
            }
            reply.status(status);
            body = beginning(answer);
        } catch (IOException e) {
            LOG.error(
                    "Request to probe app failed: {}, original URL path = {}\napp URL path = {}",
                    e.getMessage(),
                    original,
                    slashed());
            reply.status(500);
            return;
        }
        reply.body().write(body);
    }

    /** What cannot be read of a body whose head came is left out. */
    private static byte[] beginning(HttpReply answer) {
        try {
            boolean packed = answer.fields().text("Content-Encoding").equals("gzip");
            InputStream in = packed ? new GZIPInputStream(answer.body()) : answer.body();
            return in.readNBytes(MOST_BODY);
        } catch (IOException e) {
            LOG.debug("the body of a probe's answer breaks off", e);
            return new byte[0];
        }
    }

    private String slashed() {
        return path.startsWith("/") ? path : "/" + path;
    }

    private HttpReply ask(StatusRequest request, Deadline limit) throws IOException {
        Place place = new Place(tls, target.host(), port, slashed(), authority(request), "");
        for (int hop = 0; hop < MOST_REDIRECTS; hop++) {
            HttpReply reply = one(place, request, limit);
            Place next = redirected(place, reply);
            if (next == null) {
                return reply;
            }
            reply.close();
            place = next;
        }
        throw new IOException("Get \"" + url(place) + "\": stopped after 10 redirects");
    }

    /** As it came; the agent's own port stands for that of the application. */
    private String authority(StatusRequest request) {
        String host = request.host();
        int colon = host.lastIndexOf(':');
        boolean ours = colon >= 0 && host.substring(colon + 1).equals("" + target.statusPort());
        if (host.isEmpty()) {
            return HttpCall.hostAndPort(target.host(), port);
        }
        return ours ? host.substring(0, colon) + ":" + port : host;
    }

    private HttpReply one(Place place, StatusRequest request, Deadline limit) throws IOException {
        HttpFields fields = HttpFields.of("Host", place.authority());
        for (HttpFields.Field field : request.fields().all()) {
            if (!OWN.contains(field.name().toLowerCase(java.util.Locale.ROOT))) {
                fields.add(field.name(), field.value());
            }
        }
        if (!fields.has("User-Agent")) {
            fields.add("User-Agent", "Go-http-client/1.1");
        }
        if (!fields.has("Accept-Encoding")) {
            fields.add("Accept-Encoding", "gzip");
        }
        if (!place.referer().isEmpty()) {
            fields.set("Referer", place.referer());
        }
        fields.add("Connection", "close");
        HttpCall call =
                new HttpCall(
                        place.host(),
                        place.port(),
                        target.source(),
                        place.tls() ? AnyCertificate.sockets() : null,
                        "GET",
                        place.target(),
                        fields,
                        new byte[0]);
        try {
            return call.send(limit);
        } catch (SocketTimeoutException e) {
            throw new IOException(
                    "Get \""
                            + url(place)
                            + "\": context deadline exceeded (Client.Timeout exceeded while"
                            + " awaiting headers)",
                    e);
        } catch (IOException e) {
            throw new IOException("Get \"" + url(place) + "\": " + e.getMessage(), e);
        }
    }

    /** Where the same host wants to be asked instead; null where there is no more to ask. */
    private @Nullable Place redirected(Place from, HttpReply reply) throws IOException {
        String location = reply.fields().get("Location");
        boolean redirects =
                switch (reply.status()) {
                    case 301, 302, 303, 307, 308 -> true;
                    default -> false;
                };
        if (!redirects || location == null) {
            return null;
        }
        URI next;
        try {
            next = URI.create(url(from)).resolve(location);
        } catch (IllegalArgumentException e) {
            throw new IOException("failed to parse Location header \"" + location + "\"", e);
        }
        String host = next.getHost() == null ? "" : next.getHost().replaceAll("[\\[\\]]", "");
        if (!host.equals(target.host())) {
            return null;
        }
        boolean secure = "https".equals(next.getScheme());
        int at = next.getPort() >= 0 ? next.getPort() : secure ? 443 : 80;
        String query = next.getRawQuery() == null ? "" : "?" + next.getRawQuery();
        String asked = (next.getRawPath().isEmpty() ? "/" : next.getRawPath()) + query;
        boolean relative = !location.contains("://");
        String authority = relative ? from.authority() : String.valueOf(next.getRawAuthority());
        return new Place(secure, host, at, asked, authority, url(from));
    }

    private static String url(Place place) {
        return (place.tls() ? "https://" : "http://")
                + HttpCall.hostAndPort(place.host(), place.port())
                + place.target();
    }
}
