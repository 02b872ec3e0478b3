package dev.cloche.schema;

import dev.cloche.values.BsatnWriter;
import dev.cloche.values.Layout;
import dev.cloche.values.SatsJson;

/** Definitions as the schema route serves them: SATS-JSON of the definition without its outer tag (facts, specifications C and D). */
public final class DefinitionJson {
    private DefinitionJson() {}

    /** Version 9 with canonical names; views, procedures and default values are in {@code misc_exports}. */
    public static String nine(ModuleDefinition module) {
        BsatnWriter out = new BsatnWriter(4096, 4 * ModuleDefinition.LARGEST);
        DefinitionWriter.writeNine(CanonicalDefinition.of(module), out);
        return json(DefinitionTypes.NINE, out);
    }

    /** Version 10 with the names of the source and the rules that make canonical ones of them. */
    public static String ten(ModuleDefinition module) {
        BsatnWriter out = new BsatnWriter(4096, 4 * ModuleDefinition.LARGEST);
        DefinitionWriter.writeTen(module, out);
        return json(DefinitionTypes.TEN, out);
    }

    /**
     * Reads what {@link #ten} writes.
     *
     * @throws dev.cloche.values.ValueException if it is no such JSON
     * @throws dev.cloche.values.BsatnException if the sections contradict one another
     */
    public static ModuleDefinition readTen(String json) {
        byte[] body = DefinitionTypes.TEN.encode(SatsJson.read(DefinitionTypes.TEN, json, "definition"));
        return ModuleDefinition.decode(new BsatnWriter().writeU8(2).writeRaw(body).toArray());
    }

    private static String json(Layout layout, BsatnWriter out) {
        return SatsJson.text(layout, layout.decodeWhole(out.toArray()), SatsJson.Form.TYPED);
    }
}
