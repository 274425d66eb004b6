package dev.attache.agent.control;

import dev.attache.agent.document.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a token says of itself, without its signature being judged: that its server does (RFC 7519;
 * Kubernetes' bound service account tokens). Immutable.
 */
public record TokenClaims(Map<?, ?> all) {

    /**
     * Reads a token.
     *
     * @throws IllegalArgumentException in words, without the token
     */
    public static TokenClaims of(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("it has " + parts.length + " parts, not 3");
        }
        byte[] payload = Base64.getUrlDecoder().decode(parts[1]);
        if (Json.parse(new String(payload, StandardCharsets.UTF_8)) instanceof Map<?, ?> map) {
            return new TokenClaims(map);
        }
        throw new IllegalArgumentException("it says nothing");
    }

    /** Whose a token is that was not accepted, for a line of the log: never the token itself. */
    static String words(Path file, Instant now) {
        String token;
        try {
            token = Files.readString(file).strip();
        } catch (IOException e) {
            return "it cannot be read: " + e;
        }
        if (token.isEmpty()) {
            return "it is empty";
        }
        try {
            return of(token).words(now);
        } catch (IllegalArgumentException e) {
            return "what is there is no token: " + e.getMessage();
        }
    }

    private String words(Instant now) {
        StringBuilder words = new StringBuilder("of ").append(subject());
        words.append(" for ").append(audiences());
        Map<?, ?> pod = inner(inner(all, "kubernetes.io"), "pod");
        if (!pod.isEmpty()) {
            words.append(
                    ", bound to the pod %s (uid %s) and not valid without it"
                            .formatted(pod.get("name"), pod.get("uid")));
        }
        Instant expires = expires();
        if (expires != null) {
            words.append(now.isAfter(expires) ? ", expired at " : ", until ").append(expires);
        }
        return words.toString();
    }

    private static Map<?, ?> inner(Map<?, ?> map, String name) {
        return map.get(name) instanceof Map<?, ?> inner ? inner : Map.of();
    }

    /** Whom it is of, as {@code system:serviceaccount:NAMESPACE:NAME}. */
    public String subject() {
        return all.get("sub") instanceof String subject ? subject : "nobody";
    }

    /** Whom it is meant for; several with commas between them. */
    public String audiences() {
        return switch (all.get("aud")) {
            case List<?> several ->
                    String.join(", ", several.stream().map(String::valueOf).toList());
            case null -> "nobody";
            case Object one -> one.toString();
        };
    }

    /** When it ends to be valid; null where it does not say. */
    public @Nullable Instant expires() {
        return moment("exp");
    }

    /** When it was made; null where it does not say. */
    public @Nullable Instant issued() {
        return moment("iat");
    }

    private @Nullable Instant moment(String claim) {
        return all.get(claim) instanceof Number seconds
                ? Instant.ofEpochSecond(seconds.longValue())
                : null;
    }
}
