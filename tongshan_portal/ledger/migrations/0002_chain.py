"""The ledger keeps itself: rows are chained as they are inserted, and neither changed nor removed. See docs/ledger.md."""

from django.db import migrations

# sha256() and jsonb's text form are the same in PostgreSQL 14 to 18; `ledger/chain.py` computes the same bytes in Python.
CANONICAL = """
CREATE FUNCTION ledger_text(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN value IS NULL THEN '-' ELSE octet_length(convert_to(value, 'UTF8'))::text || ':' || value END
$$;

CREATE FUNCTION ledger_canonical(e ledger_ledgerentry) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
    SELECT convert_to(
        'L1' || ledger_text(e.id::text) || ledger_text(e.strand::text) || ledger_text(e.seq::text)
        || ledger_text((extract(epoch FROM e.at) * 1000000)::bigint::text)
        || ledger_text(e.actor_id::text) || ledger_text(e.actor_label) || ledger_text(e.verb)
        || ledger_text(e.object_type) || ledger_text(e.object_id) || ledger_text(e.object_label)
        || ledger_text(e.area_code) || ledger_text(e.reason) || ledger_text(e.detail::text)
        || ledger_text(e.ip::text) || ledger_text(e.request_id), 'UTF8')
$$;
"""

CHAIN = """
CREATE FUNCTION ledger_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    strands CONSTANT int := 256;
    space CONSTANT int := 1279607879;  -- "LEDG", the first half of the strands' advisory locks
    genesis CONSTANT bytea := decode(repeat('00', 32), 'hex');
    home CONSTANT int := pg_backend_pid() % strands;
    -- A statement inside this function sees what was committed before it began, unless the transaction's snapshot is older.
    fresh CONSTANT boolean := current_setting('transaction_isolation') IN ('read committed', 'read uncommitted');
    step int;
    held boolean := false;
    head ledger_ledgerhead;
    last ledger_ledgerhead;
BEGIN
    FOR step IN 0 .. strands - 1 LOOP
        NEW.strand := (home + step) % strands;
        CONTINUE WHEN NOT pg_try_advisory_xact_lock(space, NEW.strand);
        IF fresh THEN
            SELECT * INTO head FROM ledger_ledgerhead WHERE strand = NEW.strand;
            IF NOT FOUND THEN
                INSERT INTO ledger_ledgerhead (strand, seq, hash) VALUES (NEW.strand, 0, genesis) RETURNING * INTO head;
            END IF;
            held := true;
        ELSE
            -- Under an older snapshot a strand that others have written since cannot be continued: walk on to one that stood still.
            BEGIN
                SELECT * INTO head FROM ledger_ledgerhead WHERE strand = NEW.strand FOR UPDATE;
                IF NOT FOUND THEN
                    INSERT INTO ledger_ledgerhead (strand, seq, hash) VALUES (NEW.strand, 0, genesis) RETURNING * INTO head;
                END IF;
                held := true;
            EXCEPTION WHEN serialization_failure OR unique_violation THEN
                held := false;
            END;
        END IF;
        EXIT WHEN held;
    END LOOP;
    IF NOT held THEN
        -- More writers than strands: wait for one's turn.
        NEW.strand := home;
        PERFORM pg_advisory_xact_lock(space, home);
        INSERT INTO ledger_ledgerhead (strand, seq, hash) VALUES (home, 0, genesis) ON CONFLICT (strand) DO NOTHING;
        SELECT * INTO STRICT head FROM ledger_ledgerhead WHERE strand = home;
    END IF;

    -- The head moves once, at the commit (ledger_move_head): until then this transaction's own rows stand behind it.
    SELECT e.strand, e.seq, e.hash INTO last FROM ledger_ledgerentry e
        WHERE e.strand = NEW.strand AND e.seq > head.seq ORDER BY e.seq DESC LIMIT 1;
    IF FOUND THEN
        head := last;
    END IF;
    NEW.seq := head.seq + 1;
    NEW.previous_hash := head.hash;
    NEW.hash := sha256(head.hash || ledger_canonical(NEW));
    RETURN NEW;
END
$$;

-- Once per transaction and strand: a head that moved with every row would leave a dead version of itself for each, all of them to be read
-- again for the next one, and a transaction of n rows would cost n * n.
CREATE FUNCTION ledger_move_head() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM ledger_ledgerentry e WHERE e.strand = NEW.strand AND e.seq = NEW.seq + 1) THEN
        RETURN NULL;  -- not the last row: that one moves the head
    END IF;
    UPDATE ledger_ledgerhead SET seq = NEW.seq, hash = NEW.hash WHERE strand = NEW.strand AND seq < NEW.seq;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'ledger: the head of strand % moved under its lock', NEW.strand USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER ledger_chain BEFORE INSERT ON ledger_ledgerentry FOR EACH ROW EXECUTE FUNCTION ledger_chain();
CREATE CONSTRAINT TRIGGER ledger_move_head AFTER INSERT ON ledger_ledgerentry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION ledger_move_head();
ALTER TABLE ledger_ledgerhead SET (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
"""

GUARDS = """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ledger: % on % is refused, what is written stays', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE FUNCTION ledger_guard_heads() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP IN ('INSERT', 'UPDATE') AND pg_trigger_depth() > 1 THEN
        RETURN NULL;  -- from the chain's own trigger
    END IF;
    RAISE EXCEPTION 'ledger: % on % is refused, only the chain moves its heads', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

-- 网络安全法 article 23: logs are kept for at least six months. No setting goes below it.
CREATE FUNCTION ledger_guard_anchor() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger_ledgerentry e WHERE e.strand = NEW.strand AND e.seq = NEW.seq AND e.hash = NEW.hash) THEN
        RAISE EXCEPTION 'ledger: no such row to anchor strand % at %', NEW.strand, NEW.seq USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF EXISTS (SELECT 1 FROM ledger_ledgerentry e
               WHERE e.strand = NEW.strand AND e.seq <= NEW.seq AND e.at > statement_timestamp() - interval '183 days') THEN
        RAISE EXCEPTION 'ledger: rows younger than 183 days stay' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION ledger_guard_delete() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF OLD.at > statement_timestamp() - interval '183 days'
       OR NOT EXISTS (SELECT 1 FROM ledger_ledgeranchor a WHERE a.strand = OLD.strand AND a.seq >= OLD.seq) THEN
        RAISE EXCEPTION 'ledger: DELETE on % is refused, only what was archived goes', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN OLD;
END
$$;

CREATE TRIGGER ledger_refuse BEFORE UPDATE OR TRUNCATE ON ledger_ledgerentry EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_guard_delete BEFORE DELETE ON ledger_ledgerentry FOR EACH ROW EXECUTE FUNCTION ledger_guard_delete();
CREATE TRIGGER ledger_guard_heads BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ledger_ledgerhead EXECUTE FUNCTION ledger_guard_heads();
CREATE TRIGGER ledger_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_ledgeranchor EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_guard_anchor BEFORE INSERT ON ledger_ledgeranchor FOR EACH ROW EXECUTE FUNCTION ledger_guard_anchor();
CREATE TRIGGER ledger_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_ledgercheckpoint EXECUTE FUNCTION ledger_refuse();
"""

# The tables go with the migration before this one; their triggers with them.
UNDO = """
DROP TRIGGER ledger_refuse ON ledger_ledgercheckpoint;
DROP TRIGGER ledger_guard_anchor ON ledger_ledgeranchor;
DROP TRIGGER ledger_refuse ON ledger_ledgeranchor;
DROP TRIGGER ledger_guard_heads ON ledger_ledgerhead;
DROP TRIGGER ledger_guard_delete ON ledger_ledgerentry;
DROP TRIGGER ledger_refuse ON ledger_ledgerentry;
DROP TRIGGER ledger_move_head ON ledger_ledgerentry;
DROP TRIGGER ledger_chain ON ledger_ledgerentry;
DROP FUNCTION ledger_guard_delete(), ledger_guard_anchor(), ledger_guard_heads(), ledger_refuse(), ledger_move_head(), ledger_chain();
DROP FUNCTION ledger_canonical(ledger_ledgerentry);
DROP FUNCTION ledger_text(text);
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [migrations.RunSQL(CANONICAL + CHAIN + GUARDS, UNDO)]
