package dev.attache.filters.http.jwt_authn;

import dev.attache.filters.jwt.Jwt;
import dev.attache.filters.jwt.JwtStatus;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.pipeline.FilterContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a requirement comes to for one request, and what the request gets of the tokens that were
 * good. Loop-confined.
 */
final class Verification {

    /** Under which all filters of the kind write, whatever they are called. */
    private static final String NAMESPACE = "envoy.filters.http.jwt_authn";

    private final OpenedJwtAuthn opened;
    private final Headers request;
    private final FilterContext context;
    private final long nowMillis;
    private final Consumer<JwtStatus> whenDecided;
    private @Nullable Map<String, MetadataValue> extracted;
    private boolean clearsRoute;
    private boolean over;

    /** The path before a token was taken out of it; null: none was. */
    private @Nullable String pathBefore;

    /**
     * @param nowMillis the wall clock
     * @param whenDecided hears the verdict, once, perhaps within {@link #start}
     */
    Verification(
            OpenedJwtAuthn opened,
            Headers request,
            FilterContext context,
            long nowMillis,
            Consumer<JwtStatus> whenDecided) {
        this.opened = opened;
        this.request = request;
        this.context = context;
        this.nowMillis = nowMillis;
        this.whenDecided = whenDecided;
    }

    void start(Requirement requirement) {
        Check.of(requirement, this, null).start();
    }

    /** Goes on after a wait, unless the request has gone meanwhile. */
    void resumed(Runnable step) {
        if (!over) {
            context.guarded(step).run();
        }
    }

    /** The request has a verdict, or is gone: who waits still is not told. */
    void end() {
        over = true;
    }

    OpenedJwtAuthn opened() {
        return opened;
    }

    Headers request() {
        return request;
    }

    /** The path as the client sent it, as far as this filter knows. */
    String originalPath() {
        String rewritten = request.getOr(HeaderName.X_ENVOY_ORIGINAL_PATH, "");
        if (!rewritten.isEmpty()) {
            return rewritten;
        }
        return pathBefore == null ? request.getOr(HeaderName.PATH, "") : pathBefore;
    }

    long nowMillis() {
        return nowMillis;
    }

    /** The verdict of the requirement as a whole. */
    void decided(JwtStatus status) {
        end();
        if (extracted != null) {
            context.info().dynamicMetadata().merge(NAMESPACE, new MetadataValue.Struct(extracted));
        }
        if (clearsRoute) {
            context.clearRoute();
        }
        whenDecided.accept(status);
    }

    /** Writes down for other filters what was the matter with a token. */
    void noteFailure(Provider provider, JwtStatus status) {
        String name = provider.metadata().failedStatus();
        if (!name.isEmpty()) {
            Map<String, MetadataValue> fields = new HashMap<>();
            fields.put("code", new MetadataValue.Number(status.code()));
            fields.put("message", new MetadataValue.Text(status.text()));
            extract(name, new MetadataValue.Struct(fields));
        }
    }

    /** A token is good: passes on of it what its provider says, and takes it out of the request. */
    void accept(Provider provider, TokenPlaces.Token token, Jwt jwt) {
        Provider.Forwarded forwarded = provider.forwarded();
        HeaderName payload = forwarded.payload();
        if (payload != null) {
            String encoded = jwt.encodedPayload();
            request.add(payload, forwarded.padded() ? padded(encoded) : encoded);
        }
        boolean added = false;
        for (int i = 0; i < forwarded.claims().size(); i++) {
            Provider.ClaimHeader claim = forwarded.claims().get(i);
            String text = ClaimText.of(jwt.payload(), claim.path());
            if (text != null) {
                request.add(claim.header(), text);
                added = true;
            }
        }
        if (!provider.forward()) {
            if (pathBefore == null && token.param() != null) {
                pathBefore = request.getOr(HeaderName.PATH, "");
            }
            token.removeFrom(request);
        }
        Provider.InMetadata metadata = provider.metadata();
        if (!metadata.header().isEmpty()) {
            extract(metadata.header(), jwt.header());
        }
        if (!metadata.payload().isEmpty()) {
            extract(metadata.payload(), normalised(jwt.payload(), metadata.spaceDelimited()));
            added = true;
        }
        clearsRoute |= provider.clearRouteCache() && added;
    }

    private static String padded(String base64) {
        return switch (base64.length() % 4) {
            case 2 -> base64 + "==";
            case 3 -> base64 + "=";
            default -> base64;
        };
    }

    private static MetadataValue.Struct normalised(
            MetadataValue.Struct payload, List<String> spaceDelimited) {
        if (spaceDelimited.isEmpty()) {
            return payload;
        }
        Map<String, MetadataValue> fields = new HashMap<>(payload.fields());
        for (String claim : spaceDelimited) {
            if (payload.get(claim) instanceof MetadataValue.Text(String text)) {
                List<MetadataValue> words = new ArrayList<>();
                for (String word : text.split(" ", -1)) {
                    if (!word.isEmpty()) {
                        words.add(new MetadataValue.Text(word));
                    }
                }
                if (!words.isEmpty()) {
                    fields.put(claim, new MetadataValue.Sequence(words));
                }
            }
        }
        return new MetadataValue.Struct(fields);
    }

    private void extract(String name, MetadataValue.Struct value) {
        if (extracted == null) {
            extracted = new HashMap<>();
        }
        extracted.put(name, value);
    }
}
