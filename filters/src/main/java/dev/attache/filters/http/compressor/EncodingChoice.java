package dev.attache.filters.http.compressor;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.FilterState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which of the chain's compressors answers one stream: all of them stand in its list, the first
 * that is asked chooses for all (Envoy's {@code CompressorRegistry} and {@code EncodingDecision}).
 * Loop-confined; lives in the stream's filter state.
 */
final class EncodingChoice implements FilterState.Value {
    private static final String KEY = "compressors";
    private static final String IDENTITY = "identity";
    private static final String WILDCARD = "*";

    /** What led to the coding; each has its own statistic. */
    enum Reason {
        NOT_VALID,
        IDENTITY,
        WILDCARD,
        VALID_COMPRESSOR
    }

    record Decision(String encoding, Reason reason) {}

    private record Offer(String encoding, BodyRules rules, boolean chooseFirst) {}

    private record Wish(String encoding, float weight) {}

    private final List<Offer> offers = new ArrayList<>();
    private @Nullable Decision decision;

    static EncodingChoice of(FilterState state) {
        if (state.get(KEY) instanceof EncodingChoice present) {
            return present;
        }
        EncodingChoice choice = new EncodingChoice();
        state.set(KEY, choice);
        return choice;
    }

    void offer(String encoding, BodyRules rules, boolean chooseFirst) {
        offers.add(new Offer(encoding, rules, chooseFirst));
    }

    Decision decide(String acceptEncoding, Headers response) {
        Decision made = decision;
        if (made == null) {
            made = choose(acceptEncoding, response);
            decision = made;
        }
        return made;
    }

    private Decision choose(String acceptEncoding, Headers response) {
        Map<String, Offer> usable = new LinkedHashMap<>();
        for (Offer offer : offers) {
            if (offer.rules().allows(response)) {
                usable.putIfAbsent(offer.encoding(), offer);
            }
        }
        List<Wish> wishes = wishes(acceptEncoding);
        for (Wish wish : wishes) {
            if (wish.weight() == 0) {
                usable.remove(wish.encoding());
            }
        }
        if (wishes.isEmpty() || usable.isEmpty()) {
            return new Decision(IDENTITY, Reason.NOT_VALID);
        }
        Wish best = new Wish(IDENTITY, 0);
        for (Wish wish : wishes) {
            Offer offer = usable.get(wish.encoding());
            boolean known =
                    offer != null
                            || wish.encoding().equals(IDENTITY)
                            || wish.encoding().equals(WILDCARD);
            boolean first = offer != null && offer.chooseFirst();
            if (known
                    && (wish.weight() > best.weight()
                            || (wish.weight() == best.weight() && first))) {
                best = wish;
            }
        }
        if (best.weight() == 0) {
            return new Decision(IDENTITY, Reason.NOT_VALID);
        }
        return switch (best.encoding()) {
            case IDENTITY -> new Decision(IDENTITY, Reason.IDENTITY);
            case WILDCARD -> new Decision(usable.keySet().iterator().next(), Reason.WILDCARD);
            default -> new Decision(best.encoding(), Reason.VALID_COMPRESSOR);
        };
    }

    /** RFC 9110 section 12.5.3; an entry whose weight is not a number is as good as absent. */
    private static List<Wish> wishes(String acceptEncoding) {
        List<Wish> wishes = new ArrayList<>();
        for (String token : acceptEncoding.split(",", -1)) {
            if (token.isEmpty()) {
                continue;
            }
            int parameter = token.indexOf(';');
            String encoding = (parameter < 0 ? token : token.substring(0, parameter)).strip();
            Float weight =
                    parameter < 0 ? Float.valueOf(1) : weight(token.substring(parameter + 1));
            if (weight != null) {
                wishes.add(new Wish(encoding, weight));
            }
        }
        return wishes;
    }

    private static @Nullable Float weight(String parameters) {
        int equals = parameters.indexOf('=');
        if (equals < 0
                || !parameters.substring(0, equals).strip().toLowerCase(Locale.ROOT).equals("q")) {
            return 1F;
        }
        try {
            return Float.valueOf(parameters.substring(equals + 1).strip());
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }

    @Override
    public String serializeAsString() {
        return "";
    }
}
