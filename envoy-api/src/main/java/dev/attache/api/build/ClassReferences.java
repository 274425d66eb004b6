package dev.attache.api.build;

import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.util.HashSet;
import java.util.Set;

/** Which classes a class file names, in its code and in its descriptors. */
final class ClassReferences {

    private ClassReferences() {}

    /** Internal names, arrays as what they are of. */
    static Set<String> of(byte[] classFile) {
        Set<String> names = new HashSet<>();
        for (PoolEntry entry : ClassFile.of().parse(classFile).constantPool()) {
            if (entry instanceof ClassEntry type && type.asInternalName().charAt(0) != '[') {
                names.add(type.asInternalName());
            } else if (entry instanceof Utf8Entry text) {
                addDescribed(text.stringValue(), names);
            }
        }
        return names;
    }

    /** What stands between L and ; in a descriptor; other texts give names that no class has. */
    private static void addDescribed(String text, Set<String> names) {
        int end = text.indexOf(';');
        for (int start = text.indexOf('L'); start >= 0 && end > start; ) {
            names.add(text.substring(start + 1, end));
            start = text.indexOf('L', end);
            end = text.indexOf(';', end + 1);
        }
    }
}
