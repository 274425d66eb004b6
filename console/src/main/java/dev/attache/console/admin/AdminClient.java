package dev.attache.console.admin;

import com.google.gson.JsonElement;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Asks the admin port of one proxy; blocks. Of several addresses the first one counts where
 * somebody listens. Used by one thread.
 */
public final class AdminClient {

    private static final int REASON = 400;

    private List<AdminAddress> addresses;
    private final @Nullable String token;
    private final @Nullable SSLSocketFactory tls;
    private final @Nullable String serverName;
    private final Duration timeout;

    /**
     * @param token for {@code Authorization: Bearer}, or null
     * @param tls null to speak plain text
     * @param serverName that the certificate bears, or null for the address's
     * @param timeout for one answer as a whole
     */
    AdminClient(
            List<AdminAddress> addresses,
            @Nullable String token,
            @Nullable SSLSocketFactory tls,
            @Nullable String serverName,
            Duration timeout) {
        this.addresses = List.copyOf(addresses);
        this.token = token;
        this.tls = tls;
        this.serverName = serverName;
        this.timeout = timeout;
    }

    /** Where it asks, in words; before the first answer maybe several. */
    public String address() {
        return String.join(" or ", addresses.stream().map(Object::toString).toList());
    }

    /**
     * A page.
     *
     * @param target path and query, percent-encoded
     * @throws RefusedException where the status is not 200
     * @throws IOException where nobody answers, or not in time
     */
    public AdminReply get(String target) throws IOException {
        return expect(200, "GET", target, "");
    }

    /** As {@link #get}, the body read as JSON. */
    public JsonElement json(String target) throws IOException {
        return get(target).json();
    }

    /** As {@link #get}, with a body and another method. */
    public AdminReply post(String target, String body) throws IOException {
        return expect(200, "POST", target, body);
    }

    private AdminReply expect(int status, String method, String target, String body)
            throws IOException {
        AdminReply reply = send(method, target, body);
        if (reply.status() != status) {
            throw new RefusedException(reply.status(), refusal(target, reply));
        }
        return reply;
    }

    /**
     * Any answer, whatever its status.
     *
     * @throws IOException where nobody answers, or not in time
     */
    public AdminReply send(String method, String target, String body) throws IOException {
        IOException first = null;
        for (AdminAddress address : addresses) {
            try {
                AdminReply reply = send(address, method, target, body);
                addresses = List.of(address);
                return reply;
            } catch (ConnectException e) {
                first = first == null ? e : first;
            }
        }
        throw new IOException(
                "no proxy answers at "
                        + address()
                        + (first == null ? "" : ": " + first.getMessage())
                        + "; --admin names another address",
                first);
    }

    private AdminReply send(AdminAddress address, String method, String target, String body)
            throws IOException {
        try (TimeLimit limit = TimeLimit.start(timeout)) {
            try (AdminConnection connection =
                    AdminConnection.open(address, tls, serverName, limit)) {
                connection.write(request(address, method, target, body));
                return connection.read(method.equals("HEAD"));
            } catch (ConnectException e) {
                throw e;
            } catch (SSLException e) {
                throw new IOException(
                        "TLS with " + address + " does not come about: " + e.getMessage(), e);
            } catch (IOException e) {
                throw limit.isOver()
                        ? new IOException(
                                address + " does not answer within " + seconds() + " (--timeout)",
                                e)
                        : new IOException(address + ": " + e.getMessage() + plain(), e);
            }
        }
    }

    private String seconds() {
        return timeout.toMillis() / 1000.0 + " s";
    }

    private String plain() {
        return tls == null ? "; if the port speaks TLS, --admin-ca names its authorities" : "";
    }

    private byte[] request(AdminAddress address, String method, String target, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String host = address instanceof AdminAddress.Tcp ? address.toString() : "localhost";
        String head =
                method
                        + " "
                        + target
                        + " HTTP/1.1\r\nHost: "
                        + host
                        + "\r\nConnection: close\r\n"
                        + (token == null ? "" : "Authorization: Bearer " + token + "\r\n")
                        + (bytes.length == 0 && !method.equals("POST")
                                ? ""
                                : "Content-Length: " + bytes.length + "\r\n")
                        + "\r\n";
        byte[] ascii = head.getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = java.util.Arrays.copyOf(ascii, ascii.length + bytes.length);
        System.arraycopy(bytes, 0, all, ascii.length, bytes.length);
        return all;
    }

    private String refusal(String target, AdminReply reply) {
        String said = reply.body().strip();
        // Envoy's words for a page that it has not, with a list of those that it has.
        boolean unknown = said.startsWith("invalid path");
        String reason = said.length() > REASON ? said.substring(0, REASON) + "…" : said;
        String remedy =
                switch (reply.status()) {
                    case 401 ->
                            token == null
                                    ? "; --admin-token-file names the token, --admin the port"
                                    : "";
                    case 404 ->
                            unknown ? "; is it an Attache, and not older than this command?" : "";
                    default -> "";
                };
        String path = target.replaceFirst("\\?.*", "");
        return address()
                + " answers "
                + path
                + " with "
                + reply.status()
                + (unknown || reason.isEmpty() ? "" : ": " + reason)
                + remedy;
    }
}
