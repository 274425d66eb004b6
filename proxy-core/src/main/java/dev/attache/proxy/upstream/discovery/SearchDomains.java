package dev.attache.proxy.upstream.discovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code search}, {@code domain} and {@code ndots} of resolv.conf(5): under which full names a
 * short name is looked for. Immutable.
 */
record SearchDomains(List<String> domains, int ndots) {

    private static final Logger LOG = LoggerFactory.getLogger(SearchDomains.class);

    /** Names are taken as they are. */
    static final SearchDomains NONE = new SearchDomains(List.of(), 1);

    SearchDomains {
        domains = List.copyOf(domains);
    }

    /** The system's; none where the file cannot be read, which is logged. */
    static SearchDomains ofSystem() {
        Path file = Path.of("/etc/resolv.conf");
        try {
            return Files.exists(file) ? parse(Files.readAllLines(file)) : NONE;
        } catch (IOException e) {
            LOG.warn("no DNS search domains: {} cannot be read: {}", file, e.toString());
            return NONE;
        }
    }

    static SearchDomains parse(List<String> lines) {
        List<String> domains = List.of();
        int ndots = 1;
        for (String line : lines) {
            String[] words = line.strip().split("\\s+");
            List<String> values = Arrays.asList(words).subList(1, words.length);
            switch (words[0]) {
                // The last of the two instances wins, as the manual page says.
                case "search", "domain" -> domains = values;
                case "options" -> ndots = ndots(values, ndots);
                default -> {
                    // Servers and comments are not ours.
                }
            }
        }
        return new SearchDomains(domains, ndots);
    }

    private static int ndots(List<String> options, int unset) {
        for (String option : options) {
            if (option.startsWith("ndots:") && option.length() > 6) {
                String digits = option.substring(6);
                if (digits.chars().allMatch(Character::isDigit) && digits.length() < 3) {
                    return Math.min(15, Integer.parseInt(digits));
                }
            }
        }
        return unset;
    }

    /** The absolute names to try for {@code name}, in order, each with its final dot. */
    List<String> candidates(String name) {
        if (name.endsWith(".")) {
            return List.of(name);
        }
        List<String> names = new ArrayList<>(domains.size() + 1);
        boolean asIsFirst = name.chars().filter(c -> c == '.').count() >= ndots;
        if (asIsFirst) {
            names.add(name + ".");
        }
        for (String domain : domains) {
            names.add(name + "." + (domain.endsWith(".") ? domain : domain + "."));
        }
        if (!asIsFirst) {
            names.add(name + ".");
        }
        return names;
    }
}
