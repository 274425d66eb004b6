package dev.attache.server.admin.access;

import dev.attache.server.admin.http.AdminRequest;
import dev.attache.server.admin.http.AdminResponse;
import dev.attache.server.flags.AdminOptions;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides about requests to the admin port before their pages do: who asks, and whether anything
 * may be changed. Used by the admin thread.
 */
public final class AdminAccess {

    private static final String READY = "/ready";

    private final AdminOptions options;
    private final @Nullable AdminTokens tokens;
    private final @Nullable AdminTls tls;

    private AdminAccess(
            AdminOptions options, @Nullable AdminTokens tokens, @Nullable AdminTls tls) {
        this.options = options;
        this.tokens = tokens;
        this.tls = tls;
    }

    /**
     * Reads the files that the flags name.
     *
     * @throws IOException where one cannot be read or does not hold what it should; the message
     *     names flag and file
     */
    public static AdminAccess of(AdminOptions options) throws IOException {
        return new AdminAccess(
                options,
                options.tokenFile().isEmpty() ? null : new AdminTokens(options.tokenFile()),
                options.tlsCert().isEmpty() ? null : new AdminTls(options));
    }

    /**
     * What encrypts a connection that was accepted, or null for plain text. No type of TLS is named
     * here: it would be loaded at each start.
     */
    public @Nullable ChannelHandler encryption(Channel accepted) {
        return tls == null ? null : tls.handler(accepted.alloc());
    }

    /**
     * Why a request is not answered, or null where it is.
     *
     * @param mutating whether its page changes something
     */
    public @Nullable AdminResponse refusal(
            Channel channel, AdminRequest request, boolean mutating) {
        boolean open = options.openReady() && request.path().equals(READY);
        if (!open && tls != null && tls.asksForCertificates() && !tls.hasCertificate(channel)) {
            return AdminResponse.text(403, "a client certificate is needed (--admin-client-ca)\n");
        }
        if (isOfAnotherSite(request)) {
            return AdminResponse.text(
                    403, "a page of another site may change nothing here, whoever looks at it\n");
        }
        if (!open && tokens != null) {
            String authorization = request.header("authorization");
            if (!tokens.allow(authorization)) {
                return unauthorized(authorization != null);
            }
        }
        if (options.readOnly() && (mutating || request.method().equals("POST"))) {
            return AdminResponse.text(
                    403,
                    request.method()
                            + " "
                            + request.path()
                            + " may change the proxy, and its admin port is read-only"
                            + " (--admin-read-only)\n");
        }
        return null;
    }

    /**
     * A browser reaches the loopback, and shows the operator's certificate, for whatever page asks;
     * it says of itself which one does (Fetch Metadata), and programs say nothing.
     */
    private static boolean isOfAnotherSite(AdminRequest request) {
        String site = request.header("sec-fetch-site");
        return request.method().equals("POST")
                && site != null
                && !site.equals("same-origin")
                && !site.equals("none");
    }

    private static AdminResponse unauthorized(boolean given) {
        return AdminResponse.text(
                        401,
                        given
                                ? "the token is wrong\n"
                                : "a token is needed: authorization: Bearer TOKEN"
                                        + " (--admin-token-file)\n")
                .with(
                        Map.of(
                                "www-authenticate",
                                given
                                        ? "Bearer realm=\"admin\", error=\"invalid_token\""
                                        : "Bearer realm=\"admin\""));
    }
}
