package dev.attache.filters.injected_credentials.oauth2;

import dev.attache.config.extension.Preparation;
import dev.attache.config.extension.PreparationScope;
import dev.attache.config.extension.SharedSlot;
import dev.attache.filters.injected_credentials.oauth2.TokenCounts.Event;
import dev.attache.proxy.call.CallFailure;
import dev.attache.proxy.call.CallGate;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsSecret;
import dev.attache.proxy.upstream.dial.Cancellable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Fetches a token on the main loop, again when half of its time is over, or some time after an
 * attempt that failed. The listener does not wait for it. Main loop only.
 */
final class TokenRefresh implements Preparation {

    /** A server is not asked more often, whatever it says of its tokens. */
    private static final long LEAST_SECONDS = 1;

    /** Nor more seldom: 30 days. */
    private static final long MOST_SECONDS = 30L * 24 * 60 * 60;

    private final TokenRequest request;
    private final SecretRef<TlsSecret.Generic> secret;
    private final long retrySeconds;
    private final SharedSlot<AccessToken> slot;
    private final TokenCounts counts;
    private SharedSlot.@Nullable Lease<AccessToken> lease;
    private Cancellable call = Cancellable.DONE;
    private Cancellable timer = Cancellable.DONE;

    /** Hears of the first attempt. */
    private @Nullable Outcome first;

    private boolean failing;
    private boolean closed;

    TokenRefresh(
            TokenRequest request,
            SecretRef<TlsSecret.Generic> secret,
            long retrySeconds,
            SharedSlot<AccessToken> slot,
            TokenCounts counts) {
        this.request = request;
        this.secret = secret;
        this.retrySeconds = retrySeconds;
        this.slot = slot;
        this.counts = counts;
    }

    @Override
    public String name() {
        return "OAuth2 token of " + request.clientId() + " from cluster " + request.cluster();
    }

    @Override
    public Waiting waiting() {
        return Waiting.NONE;
    }

    @Override
    public void start(PreparationScope scope, Outcome outcome) {
        lease = slot.lease();
        first = outcome;
        fetch(scope);
    }

    private void fetch(PreparationScope scope) {
        TlsSecret.Generic now = secret.current();
        if (now == null || now.secret().length == 0) {
            failed(
                    scope,
                    Event.TOKEN_FETCH_FAILED_ON_CLIENT_SECRET,
                    "the client's secret is empty");
            return;
        }
        String text = new String(now.secret(), StandardCharsets.ISO_8859_1);
        call =
                scope.calls()
                        .send(
                                request.cluster(),
                                request.head(),
                                request.body(text),
                                request.options(),
                                scope.loop(),
                                new Listener(scope));
    }

    private final class Listener implements CallGate.Listener {
        private final PreparationScope scope;

        Listener(PreparationScope scope) {
            this.scope = scope;
        }

        @Override
        public void onResponse(Headers head, byte[] body) {
            counts.count(Event.TOKEN_REQUESTED);
            String status = head.getOr(HeaderName.STATUS, "");
            TokenAnswer answer = status.equals("200") ? TokenAnswer.read(body) : null;
            if (answer != null) {
                took(scope, answer);
            } else if (status.equals("200")) {
                failed(scope, Event.TOKEN_FETCH_FAILED_ON_BAD_TOKEN, "no token in the answer");
            } else {
                failed(
                        scope,
                        Event.TOKEN_FETCH_FAILED_ON_BAD_RESPONSE_CODE,
                        "the answer is " + status);
            }
        }

        /** In Envoy the router answers in place of a server that does not. */
        @Override
        public void onFailure(CallFailure why) {
            if (why.kind() == CallFailure.Kind.NO_CLUSTER) {
                failed(scope, Event.TOKEN_FETCH_FAILED_ON_CLUSTER_NOT_FOUND, why.text());
                return;
            }
            counts.count(Event.TOKEN_REQUESTED);
            failed(
                    scope,
                    why.responseBegan()
                            ? Event.TOKEN_FETCH_FAILED_ON_STREAM_RESET
                            : Event.TOKEN_FETCH_FAILED_ON_BAD_RESPONSE_CODE,
                    why.text());
        }
    }

    private void took(PreparationScope scope, TokenAnswer answer) {
        SharedSlot.Lease<AccessToken> held = lease;
        if (closed || held == null) {
            return;
        }
        held.value().put(answer.token());
        counts.count(Event.TOKEN_FETCHED);
        failing = false;
        Outcome told = first;
        first = null;
        if (told != null) {
            told.ready();
        }
        again(scope, answer.seconds() / 2);
    }

    private void failed(PreparationScope scope, Event event, String why) {
        if (closed) {
            return;
        }
        counts.count(event);
        boolean newly = !failing;
        failing = true;
        Outcome told = first;
        first = null;
        if (told != null) {
            told.failed(why);
        } else if (newly) {
            scope.warn(name() + ": " + why + "; the token of before stays, if there is one");
        }
        again(scope, retrySeconds);
    }

    private void again(PreparationScope scope, long seconds) {
        Duration delay = Duration.ofSeconds(Math.clamp(seconds, LEAST_SECONDS, MOST_SECONDS));
        timer = scope.schedule(delay, () -> fetch(scope));
    }

    @Override
    public void close() {
        closed = true;
        call.cancel();
        timer.cancel();
        if (lease != null) {
            lease.close();
        }
    }
}
