package dev.attache.conformance.generated;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The choices of one seed. {@link Random}'s sequence is part of its contract, so a seed chooses the
 * same on every JDK.
 */
final class Chance {
    private final Random random;

    Chance(long seed) {
        // neighbouring seeds start alike: spread them, and drop the first draws
        random = new Random(seed * 0x9e3779b97f4a7c15L);
        random.nextLong();
        random.nextLong();
    }

    /** True in this share of the cases. */
    boolean in(int percent) {
        return random.nextInt(100) < percent;
    }

    /** A whole number, both ends included. */
    int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    /** One of these; name one twice to make it twice as likely. */
    @SafeVarargs
    final <T> T of(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    <T> T of(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** So many different ones, in their order. */
    List<String> some(int least, int most, String... choices) {
        List<String> left = new ArrayList<>(List.of(choices));
        int wanted = Math.min(between(least, most), choices.length);
        while (left.size() > wanted) {
            left.remove(random.nextInt(left.size()));
        }
        return left;
    }
}
