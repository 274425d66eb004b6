package dev.attache.server.explain;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.explain.Peer;
import dev.attache.proxy.explain.Question;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what is asked about from the parameters of a request to the admin port. Pure. */
public final class QuestionReader {

    private static final List<String> KNOWN =
            List.of(
                    "listener",
                    "destination",
                    "source",
                    "tls",
                    "sni",
                    "alpn",
                    "client_cert",
                    "peer",
                    "http2",
                    "method",
                    "url",
                    "headers",
                    "random",
                    "request_id",
                    "format");

    private final Map<String, String> given;
    private String scheme = "";
    private String authority = "";
    private String path = "";

    private QuestionReader(Map<String, String> given) {
        this.given = given;
    }

    /**
     * Reads a question.
     *
     * @param given parameters by name
     * @throws IllegalArgumentException naming the parameter that cannot be read
     */
    public static Question read(Map<String, String> given) {
        for (String name : given.keySet()) {
            if (!KNOWN.contains(name)) {
                throw new IllegalArgumentException(
                        "'" + name + "' is not understood; known are " + String.join(", ", KNOWN));
            }
        }
        return new QuestionReader(given).read();
    }

    private Question read() {
        String url = given.get("url");
        if (url != null) {
            split(url);
        }
        List<Question.Field> fields = fields();
        Peer peer = PeerReader.read(given.get("client_cert"), given.get("peer"));
        boolean tls =
                given.containsKey("tls") ? truth("tls") : peer != null || scheme.equals("https");
        boolean http2 = given.containsKey("http2") && truth("http2");
        List<String> protocols = list("alpn");
        return new Question(
                given.get("listener"),
                destination(),
                address("source", 49152),
                tls,
                serverName(tls),
                http2 && tls && protocols.isEmpty() ? List.of("h2") : protocols,
                peer,
                http2,
                method(url),
                null,
                authority.isEmpty() ? null : octets(authority),
                path.isEmpty() ? null : octets(path),
                fields,
                random());
    }

    /** {@code http://host/path}, or the path alone. */
    private void split(String url) {
        int colon = url.indexOf("://");
        if (colon < 0) {
            path = url;
            return;
        }
        scheme = url.substring(0, colon).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw wrong("url", url, "a URL of http or https, or a path");
        }
        int end = colon + 3;
        while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        authority = url.substring(colon + 3, end);
        String rest = url.substring(end);
        path = rest.startsWith("/") ? rest : "/" + rest;
    }

    private @Nullable String method(@Nullable String url) {
        String method = given.get("method");
        return method != null || url == null ? method : "GET";
    }

    private List<Question.Field> fields() {
        List<Question.Field> fields = new ArrayList<>();
        for (String line : given.getOrDefault("headers", "").split("\r?\n", -1)) {
            int colon = line.indexOf(':', 1);
            if (line.isBlank()) {
                continue;
            }
            if (colon < 0) {
                throw wrong("headers", line, "lines of 'name: value'");
            }
            String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            if (name.equals("host") || name.equals(":authority")) {
                authority = value;
            } else {
                fields.add(new Question.Field(octets(name), octets(value)));
            }
        }
        return fields;
    }

    private @Nullable String serverName(boolean tls) {
        String sni = given.get("sni");
        if (sni != null) {
            return sni.isEmpty() ? null : sni.toLowerCase(Locale.ROOT);
        }
        String host = authority.replaceFirst(":[0-9]*$", "");
        return tls && !host.isEmpty() && !IpAddress.isLiteral(host)
                ? host.toLowerCase(Locale.ROOT)
                : null;
    }

    private @Nullable IpAddress destination() {
        if (given.containsKey("destination") || given.containsKey("listener")) {
            return address("destination", 0);
        }
        return IpAddress.parseWithPort(authority);
    }

    private @Nullable IpAddress address(String name, int port) {
        String text = given.get(name);
        if (text == null || text.isEmpty()) {
            return null;
        }
        if (port != 0 && IpAddress.isLiteral(text)) {
            return IpAddress.parse(text, port);
        }
        IpAddress address = IpAddress.parseWithPort(text);
        if (address == null) {
            throw wrong(name, text, "an IP address with a port");
        }
        return address;
    }

    private List<String> list(String name) {
        String text = given.getOrDefault(name, "");
        return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
    }

    private boolean truth(String name) {
        String text = given.getOrDefault(name, "");
        return switch (text) {
            case "", "true", "1", "on" -> true;
            case "false", "0", "off" -> false;
            default -> throw wrong(name, text, "true or false");
        };
    }

    private @Nullable Long random() {
        String text = given.get("random");
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("random: '" + text + "' is not a number", e);
        }
    }

    private static String octets(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static IllegalArgumentException wrong(String name, String text, String wanted) {
        return new IllegalArgumentException(name + ": '" + text + "' is not " + wanted);
    }
}
