"""What watches: readings in, their quality, alarms, risk and warnings; decides, never shows."""
