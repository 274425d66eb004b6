package dev.attache.config.extension;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which messages of one resource, or of one Any in it, a walk has been over, by their paths: what
 * stands below is not walked through again when its own compiler asks. Used by one thread.
 */
final class WalkedMessages {
    private record Walked(String path, List<String> violations) {}

    private final List<Walked> walked = new ArrayList<>(1);
    private final boolean fieldsKnown;

    /**
     * @param fieldsKnown whether a walk through what holds this looked here for fields that nobody
     *     knows
     */
    WalkedMessages(boolean fieldsKnown) {
        this.fieldsKnown = fieldsKnown;
    }

    boolean fieldsKnown() {
        return fieldsKnown;
    }

    void add(String path, List<String> violations) {
        walked.add(new Walked(path, violations));
    }

    /** Whether a walk has been over the message at a path. */
    boolean covers(String path) {
        for (Walked message : walked) {
            if (isWithin(path, message.path())) {
                return true;
            }
        }
        return false;
    }

    /**
     * At which field paths within the message at a path constraints do not hold; null where no walk
     * has been.
     */
    @Nullable List<String> violations(String path) {
        for (Walked message : walked) {
            if (isWithin(path, message.path())) {
                List<String> within = message.violations();
                return within.isEmpty()
                        ? within
                        : within.stream().filter(each -> isWithin(each, path)).toList();
            }
        }
        return null;
    }

    private static boolean isWithin(String path, String holder) {
        return path.startsWith(holder)
                && (path.length() == holder.length()
                        || holder.isEmpty()
                        || path.charAt(holder.length()) == '.'
                        || path.charAt(holder.length()) == '[');
    }
}
