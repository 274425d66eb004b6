package dev.attache.api;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import org.jspecify.annotations.Nullable;

/** How the names of messages and of their classes correspond. */
final class JavaNames {
    /** Proto package prefix and Java package prefix of the message classes that we have. */
    private static final String[][] PACKAGES = {
        {"envoy.", "io.envoyproxy.envoy."},
        {"google.protobuf.", "com.google.protobuf."},
        {"xds.", "com.github.xds."},
        {"udpa.", "com.github.udpa.udpa."},
        {"google.rpc.", "com.google.rpc."},
        {"google.api.", "com.google.api."},
        {"cel.", "dev.cel."},
        {"opentelemetry.proto.", "io.opentelemetry.proto."},
    };

    private JavaNames() {}

    /** The binary name of a message's class by the prefixes, or null. */
    static @Nullable String className(String fullName) {
        for (String[] prefixes : PACKAGES) {
            if (fullName.startsWith(prefixes[0])) {
                return nested(prefixes[1], fullName, prefixes[0].length());
            }
        }
        return null;
    }

    /** Packages are lower case and messages are not, so the first capital starts the class name. */
    private static String nested(String javaPackage, String fullName, int from) {
        StringBuilder name = new StringBuilder(javaPackage);
        boolean inClass = false;
        for (int i = from; i < fullName.length(); i++) {
            char c = fullName.charAt(i);
            inClass |= fullName.charAt(i - 1) == '.' && c >= 'A' && c <= 'Z';
            name.append(c == '.' && inClass ? '$' : c);
        }
        return name.toString();
    }

    /** The full name of the message whose class has that binary name by the prefixes, or null. */
    static @Nullable String fullName(String className) {
        for (String[] prefixes : PACKAGES) {
            if (className.startsWith(prefixes[1])) {
                return prefixes[0] + className.substring(prefixes[1].length()).replace('$', '.');
            }
        }
        return null;
    }

    /** The binary name that protoc gives to a message's class. */
    static String className(Descriptor type) {
        Descriptor holder = type.getContainingType();
        if (holder != null) {
            return className(holder) + "$" + type.getName();
        }
        FileDescriptor file = type.getFile();
        String javaPackage =
                file.getOptions().hasJavaPackage()
                        ? file.getOptions().getJavaPackage()
                        : file.getPackage();
        String prefix = javaPackage.isEmpty() ? "" : javaPackage + ".";
        return file.getOptions().getJavaMultipleFiles()
                ? prefix + type.getName()
                : prefix + outerClass(file) + "$" + type.getName();
    }

    private static String outerClass(FileDescriptor file) {
        if (file.getOptions().hasJavaOuterClassname()) {
            return file.getOptions().getJavaOuterClassname();
        }
        String name = file.getName().substring(file.getName().lastIndexOf('/') + 1);
        int dot = name.indexOf('.');
        String camel = FieldType.jsonName("_" + (dot < 0 ? name : name.substring(0, dot)));
        return file.findMessageTypeByName(camel) == null
                        && file.findEnumTypeByName(camel) == null
                        && file.findServiceByName(camel) == null
                ? camel
                : camel + "OuterClass";
    }
}
