package dev.attache.api.build;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Takes the descriptors out of the way to a map field. The code that protoc makes keeps the empty
 * entry of each map in a class of its own, which asks for the entry's descriptor and with it builds
 * those of the file and of all files that it imports: the first touch of any map, be it to see that
 * it is empty, costs tens of milliseconds. Here the entry is made without, and gets its descriptor
 * when somebody asks for the file's, as all who look at messages by reflection do.
 */
final class MapEntryHolders {
    private static final String SUFFIX = "DefaultEntryHolder";
    private static final String ENTRY = "defaultEntry";
    private static final ClassDesc MAP_ENTRY = ClassDesc.of("com.google.protobuf.MapEntry");
    private static final ClassDesc DESCRIPTOR =
            ClassDesc.of("com.google.protobuf.Descriptors$Descriptor");
    private static final ClassDesc DESCRIPTION =
            ClassDesc.of("dev.attache.api.MapEntryDescription");
    private static final MethodTypeDesc DESCRIBE =
            MethodTypeDesc.of(ConstantDescs.CD_void, MAP_ENTRY, DESCRIPTOR);

    private MapEntryHolders() {}

    /** One holder: its class, and where the descriptor is that it asked for. */
    private record Holder(ClassDesc type, ClassDesc file, String descriptor) {}

    /** Rewrites holders and the classes of their files in place; the keys are internal names. */
    static void rewrite(Map<String, byte[]> classes) {
        for (Map.Entry<String, byte[]> each : List.copyOf(classes.entrySet())) {
            String name = each.getKey();
            if (name.endsWith(SUFFIX)) {
                Holder holder = holder(each.getValue());
                String file = holder.file().packageName().replace('.', '/') + "/";
                classes.computeIfPresent(name, (key, code) -> withoutDescriptor(code));
                classes.computeIfPresent(
                        file + holder.file().displayName(),
                        (key, code) -> describing(code, holder));
            }
        }
    }

    private static Holder holder(byte[] code) {
        ClassModel model = ClassFile.of().parse(code);
        List<Holder> found = new ArrayList<>();
        for (MethodModel method : model.methods()) {
            method.code()
                    .ifPresent(body ->
                            body.forEach(element -> {
                                if (isDescriptor(element)) {
                                    found.add(holder(model, element));
                                }
                            }));
        }
        if (found.size() != 1) {
            throw new IllegalStateException(
                    model.thisClass().asInternalName() + " asks for " + found.size() + " types");
        }
        return found.getFirst();
    }

    private static Holder holder(ClassModel model, CodeElement element) {
        FieldInstruction field = (FieldInstruction) element;
        return new Holder(
                model.thisClass().asSymbol(), field.owner().asSymbol(), field.name().stringValue());
    }

    private static boolean isDescriptor(CodeElement element) {
        return element instanceof FieldInstruction field
                && field.opcode() == Opcode.GETSTATIC
                && field.typeSymbol().equals(DESCRIPTOR);
    }

    private static byte[] withoutDescriptor(byte[] code) {
        CodeTransform nothing =
                (CodeBuilder builder, CodeElement element) -> {
                    if (isDescriptor(element)) {
                        builder.aconst_null();
                    } else {
                        builder.with(element);
                    }
                };
        return transform(code, nothing);
    }

    /** At the end of the file's own initialisation, when its descriptors are there. */
    private static byte[] describing(byte[] code, Holder holder) {
        CodeTransform describe =
                (CodeBuilder builder, CodeElement element) -> {
                    if (element instanceof ReturnInstruction) {
                        builder.getstatic(holder.type(), ENTRY, MAP_ENTRY)
                                .getstatic(holder.file(), holder.descriptor(), DESCRIPTOR)
                                .invokestatic(DESCRIPTION, "describe", DESCRIBE);
                    }
                    builder.with(element);
                };
        return transform(code, describe);
    }

    private static byte[] transform(byte[] code, CodeTransform initializer) {
        ClassFile classFile = ClassFile.of();
        return classFile.transformClass(
                classFile.parse(code),
                ClassTransform.transformingMethodBodies(
                        method -> method.methodName().equalsString(ConstantDescs.CLASS_INIT_NAME),
                        initializer));
    }
}
