-- What the front desk needs: a change that can be taken back for a moment, and appointments that lead on to others.

alter table consultation add column undo jsonb;
comment on column consultation.undo is 'How the latest change is taken back: verb, by whom, until when, what stood before. Every other step clears it.';
comment on column appointment.moved_to is 'The appointment that takes place instead of this one, on another day.';
