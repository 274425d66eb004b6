package dev.attache.packaging.tree;

import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which classes our own code can come to. A class mentions another where its constant pool has the
 * name: as a class, in a signature, or in a text, which is how libraries name what they load by
 * reflection. So too much is kept, and nothing that is named in one piece is lost. Not thread-safe.
 */
final class ReachableClasses {
    private static final Pattern IN_SIGNATURE = Pattern.compile("L([\\w$/]+)[;<]");
    private static final String SERVICES = "META-INF/services/";

    private final List<JarContent> jars;
    private final Map<String, List<byte[]>> classes = new HashMap<>();
    private final Set<String> reached = new HashSet<>();
    private final Deque<String> open = new ArrayDeque<>();

    ReachableClasses(List<JarContent> jars) {
        this.jars = jars;
        for (JarContent jar : jars) {
            jar.entries().forEach(this::add);
        }
    }

    private void add(String entry, byte[] bytes) {
        String name = JarContent.className(entry);
        if (!name.isEmpty()) {
            classes.computeIfAbsent(name, key -> new ArrayList<>()).add(bytes);
        }
    }

    /** What all classes of ours, of what authors are promised, and of services, mention in turn. */
    Set<String> fromOwnClasses() {
        for (JarContent jar : jars) {
            jar.entries().forEach((name, bytes) -> root(jar, name, bytes));
        }
        while (!open.isEmpty()) {
            for (byte[] bytes : classes.getOrDefault(open.pop(), List.of())) {
                mentioned(bytes);
            }
        }
        return reached;
    }

    private void root(JarContent jar, String entry, byte[] bytes) {
        if (entry.startsWith(SERVICES)) {
            new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.replaceAll("#.*", "").strip().replace('.', '/'))
                    .forEach(this::reach);
        } else if (jar.isOwn() || jar.isWhole()) {
            reach(JarContent.className(entry));
        }
    }

    private void mentioned(byte[] bytes) {
        for (PoolEntry entry : ClassFile.of().parse(bytes).constantPool()) {
            if (entry instanceof Utf8Entry text) {
                mentioned(text.stringValue());
            }
        }
    }

    private void mentioned(String text) {
        reach(text);
        reach(text.replace('.', '/'));
        if (text.indexOf(';') >= 0) {
            Matcher matcher = IN_SIGNATURE.matcher(text);
            while (matcher.find()) {
                reach(matcher.group(1));
            }
            if (text.startsWith("[")) {
                reach(text.replaceAll("^\\[+L|;$", ""));
            }
        }
    }

    private void reach(String name) {
        if (classes.containsKey(name) && reached.add(name)) {
            open.push(name);
        }
    }
}
