-- The numbers for which the data proposed an item, as they were when it was taken up, as JSON
-- (sandkasse/meetings/grounds.py). NULL: nobody proposed it, or it is older than this column.
ALTER TABLE agenda_item ADD COLUMN proposed VARCHAR;
