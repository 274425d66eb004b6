package dev.attache.filters.http.oauth2;

import dev.attache.filters.http.oauth2.Oauth2Stats.Count;
import dev.attache.filters.http.oauth2.cookie.CookieRules;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.log.ComponentLog;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.stream.StreamInfo;

/** Answers where a login fails, with what the log says of it. Loop-confined. */
final class Refusal {

    private static final ComponentLog LOG = ComponentLog.OAUTH2;

    private final CookieRules cookies;
    private final Oauth2Stats stats;
    private final FilterContext context;

    Refusal(CookieRules cookies, Oauth2Stats stats, FilterContext context) {
        this.cookies = cookies;
        this.stats = stats;
        this.context = context;
    }

    /**
     * The login has failed.
     *
     * @param flow whose cookies are taken away; empty = none
     */
    Step unauthorized(String cause, String flow) {
        LOG.warn(tags(context) + "Responding with 401 Unauthorized. Cause: " + cause);
        LocalReply reply = reply(401, "OAuth flow failed.", cause);
        if (!flow.isEmpty()) {
            for (String line : cookies.deleteFlow(flow)) {
                reply = reply.with(HeaderName.SET_COOKIE, line);
            }
        }
        return context.respond(reply);
    }

    /** The proxy is not able to. */
    Step unavailable(String cause) {
        LOG.warn(tags(context) + "Responding with 503 Service Unavailable. Cause: " + cause);
        return context.respond(reply(503, "Service Unavailable", cause));
    }

    private LocalReply reply(int status, String body, String cause) {
        stats.inc(Count.FAILURE);
        StringBuilder details = new StringBuilder(cause);
        for (int i = 0; i < details.length(); i++) {
            char c = details.charAt(i);
            if (c == ' ' || c >= '\t' && c <= '\r') {
                details.setCharAt(i, '_');
            }
        }
        return LocalReply.of(status, body, details.toString());
    }

    /** A token of the client's cannot be opened. */
    static void unreadable(FilterContext context, String sealed, String error) {
        LOG.error(tags(context) + "failed to decrypt token: " + sealed + ", error: " + error);
    }

    private static String tags(FilterContext context) {
        StreamInfo info = context.info();
        return ComponentLog.tags(info.downstream().id(), info.random);
    }
}
